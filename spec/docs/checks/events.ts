import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { printedBy, whoAmI } from '../trying';

const check: Check = async ({ lm, log }) => {
  const client = supertest(whoAmI(lm));
  const tokenOf = (sub: string) => bearer(lm.createAccessToken({ data: { sub } }));

  // who is let in is not logged; who is refused is, with the reason
  expect((await client.get('/').set(tokenOf('ada@example.com'))).status).to.equal(200);
  await printedBy(async () => {
    expect((await client.get('/')).status).to.equal(401);
    expect((await client.get('/').set(tokenOf('gone@example.com'))).status).to.equal(401);
  });
  expect(log).to.deep.equal([
    { url: '/', code: 'token_missing', sub: undefined, why: undefined },
    {
      url: '/',
      code: 'user_unknown',
      sub: undefined,
      why: 'the user loader found no user for the subject of the token',
    },
  ]);
};

export default check;
