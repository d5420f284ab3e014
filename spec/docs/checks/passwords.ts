import { expect } from 'chai';
import supertest from 'supertest';
import { foreign } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, later } from '../trying';

const old = 'correct horse battery';
const password = 'another horse battery';

const check: Check = async ({ app, lm, accounts, mails, hashPassword, isRight }) => {
  accounts.set('ada@example.com', {
    email: 'ada@example.com',
    passwordHash: await hashPassword(old),
    passwordChangedAt: new Date(0),
  });
  const loggedIn = async () => {
    const agent = supertest.agent(app);
    const token = await lm.createTokenResponse({ data: { sub: 'ada@example.com' } });
    agent.set('Cookie', `access-token=${token.access_token}`);
    return agent;
  };
  const change = (agent: ReturnType<typeof supertest.agent>, body: object) => agent.post('/password/change').send(body);
  const isNow = (one: string) => isRight(accounts.get('ada@example.com').passwordHash, one);

  // a change ends the other logins, not this one
  const [one, other] = [await loggedIn(), await loggedIn()];
  const wrong = await change(one, { current: 'wrong', password });
  expect([wrong.status, await isNow(old)]).to.deep.equal([400, true]);
  for (const body of [{ current: old, password: 'short' }, { current: {}, password }, { password }, {}])
    expect((await change(one, body)).status).to.equal(400);
  expectUnauthorized(await change(supertest.agent(app), { current: old, password }), 'token_missing');
  expect((await change(one, { current: old, password }).set(foreign)).status).to.equal(403);
  const changed = await change(one, { current: old, password });
  expect([changed.status, await isNow(password)]).to.deep.equal([200, true]);
  expectUnauthorized(await change(other, { current: password, password: old }), 'token_revoked');
  const cookie = /access-token=[^;,]+/.exec(String(changed.headers['set-cookie']))?.[0] as string;
  const kept = await supertest(app).post('/password/change').set('Cookie', cookie).send({ current: 'wrong', password });
  expect(kept.status).to.equal(400);
  expect(await lm.sessions('ada@example.com')).to.have.length(1);

  // a reset, by the last password's link only
  const client = supertest(app);
  const forgotten = (email: string) => client.post('/password/forgotten').send({ email });
  const reset = (body: object) => client.post('/password/reset').send(body);
  const unknown = await forgotten('gone@example.com');
  expect([unknown.status, unknown.body, mails.length]).to.deep.equal([202, {}, 0]);
  const link = async () => {
    const { status, body } = await forgotten('Ada@example.com');
    expect([status, body]).to.deep.equal([202, {}]);
    return Object.fromEntries(new URLSearchParams(mails.at(-1).text.split('#')[1]));
  };
  const [first, second] = [await link(), await link()];
  expect(first).to.have.all.keys('email', 'token');
  expect((await reset({ ...first, password: 'short' })).status).to.equal(400);
  expect((await reset({ ...first, password: old }).set(foreign)).status).to.equal(403);
  expect((await reset({ ...first, email: 'gone@example.com', password: old })).status).to.equal(400);
  await later(3601, async () => expect((await reset({ ...first, password: old })).status).to.equal(400));
  const done = await reset({ ...first, password: old });
  expect([done.status, await isNow(old)]).to.deep.equal([200, true]);
  expect(String(done.headers['set-cookie'])).to.match(/^access-token=/);
  for (const link of [first, second]) expect((await reset({ ...link, password })).status).to.equal(400);
};

export default check;
