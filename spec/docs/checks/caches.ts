import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { countCalls, expectUnauthorized, later, whoAmI } from '../trying';

const check: Check = async ({ lm, database }) => {
  const client = supertest(whoAmI(lm));
  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' }, expires: '1m' });
  const loads = countCalls(database.accounts, 'find');
  const get = (sent: string) => client.get('/').set(bearer(sent));

  // the user is loaded once in five seconds, also for requests at the same time
  expect((await Promise.all([get(token), get(token), get(token)])).map(({ status }) => status)).to.deep.equal([
    200, 200, 200,
  ]);
  expect(loads.count).to.equal(1);
  await later(5, async () => expect((await get(token)).status).to.equal(200));
  expect(loads.count).to.equal(2);

  // a remembered token still expires, and one that differs from it is not mistaken for it
  expectUnauthorized(await get(`${token.slice(0, 20)}x${token.slice(21)}`), 'token_invalid');
  await later(60, async () => expectUnauthorized(await get(token), 'token_expired'));
};

export default check;
