import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { countCalls, later, whoAmI } from '../trying';

const check: Check = async ({ lm, database, promote }) => {
  const client = supertest(whoAmI(lm));
  const ada = bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' } }));
  const calls = countCalls(database.accounts, 'find');
  const expectLoads = async (count: number) => {
    expect((await client.get('/').set(ada)).body).to.include({ email: 'ada@example.com' });
    expect(calls.count).to.equal(count);
  };

  // loaded once, however many requests there are
  await expectLoads(1);
  await expectLoads(1);

  // again after maxAge
  await later(10, () => expectLoads(2));

  // and when the cache is told
  promote('ada@example.com');
  const before = calls.count;
  await expectLoads(before + 1);
  await expectLoads(before + 1);
};

export default check;
