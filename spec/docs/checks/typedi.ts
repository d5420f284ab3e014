import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, whoAmI } from '../trying';

const check: Check = async ({ lm }) => {
  const client = supertest(whoAmI(lm));
  const as = (sub: string) => client.get('/').set(bearer(lm.createAccessToken({ data: { sub } })));
  expect((await as('ada@example.com')).body).to.include({ email: 'ada@example.com' });
  expectUnauthorized(await as('gone@example.com'), 'user_unknown');
};

export default check;
