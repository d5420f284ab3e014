import { expect } from 'chai';
import supertest from 'supertest';
import { foreign } from '../../support/http';
import type { Check } from '../check';
import { later } from '../trying';

const password = 'correct horse battery';

const check: Check = async ({ app, lm, accounts, mails, isRight }) => {
  const client = supertest(app);
  const post = (path: string, body: object, agent: typeof client = client) =>
    agent.post(`/registration${path}`).send(body);
  const linkFor = async (email: string): Promise<string> => {
    const { status, body } = await post('', { email });
    expect([status, body]).to.deep.equal([202, {}]);
    return mails.at(-1).text.split('#')[1];
  };

  // a link, a password, and a login
  const token = await linkFor('Ada@Example.com');
  expect(mails.at(-1).to).to.equal('ada@example.com');
  const other = await linkFor('ada@example.com');
  const confirmed = await post('/confirm', { token, password });
  expect([confirmed.status, confirmed.body]).to.deep.equal([200, { email: 'ada@example.com' }]);
  expect(String(confirmed.headers['set-cookie'])).to.match(/^access-token=/);
  expect(await isRight(accounts.get('ada@example.com').passwordHash, password)).to.equal(true);
  expect(await lm.sessions('ada@example.com')).to.have.length(1);

  // once, and one account for an address
  for (const used of [token, other, 'a.b.c', ''])
    expect((await post('/confirm', { token: used, password: 'another password' })).status).to.equal(400);
  expect(await isRight(accounts.get('ada@example.com').passwordHash, password)).to.equal(true);
  expect(await linkFor('ada@example.com')).to.equal(undefined);
  const late = await linkFor('late@example.com');
  await later(25 * 3600, async () => expect((await post('/confirm', { token: late, password })).status).to.equal(400));

  // a bad form uses no link up, and repeats no password
  const bob = await linkFor('bob@example.com');
  for (const bad of ['short', 'x'.repeat(201), { length: 20 }, undefined, null]) {
    const { status, text } = await post('/confirm', { token: bob, password: bad });
    expect(status).to.equal(400);
    expect(text).not.to.contain('"short"').and.not.to.contain('xxx');
  }
  for (const email of ['no address', 7, undefined]) expect((await post('', { email })).status).to.equal(400);
  expect((await client.post('/registration')).status).to.equal(400);
  expect((await post('/confirm', { token: bob, password }).set(foreign)).status).to.equal(403);
  expect((await post('/confirm', { token: bob, password })).status).to.equal(200);
};

export default check;
