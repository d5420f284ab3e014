import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized, later, urlOf } from '../trying';

const check: Check = async (_sample, { servers }) => {
  const client = supertest(urlOf(servers[0]));
  const post = (path: string, fields: object) => client.post(path).type('form').send(fields);
  const login = (username: string, password: string, more = {}) =>
    post('/token', { grant_type: 'password', username, password, ...more });

  // the way of the page
  const { body: tokens } = await login('ada@example.com', 'correct horse');
  expect(tokens).to.include({ token_type: 'bearer', expires_in: 900, scope: 'notes:read notes:write' });
  const ada = bearer(tokens.access_token);
  expect((await client.get('/notes').set(ada)).body).to.deep.equal([]);
  expect((await client.post('/notes').set(ada).send({ text: 'Buy milk' })).body).to.deep.equal({ notes: 1 });
  expect((await client.get('/notes').set(ada)).body).to.deep.equal([{ text: 'Buy milk', author: 'ada@example.com' }]);

  // a refresh, and the end
  const { body: next } = await post('/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  expect((await client.get('/notes').set(bearer(next.access_token))).status).to.equal(200);
  expect((await post('/token/revoke', { token: next.refresh_token })).body).to.deep.equal({});
  expectUnauthorized(await client.get('/notes').set(bearer(next.access_token)), 'token_revoked');

  // JSON works too
  const json = { grant_type: 'password', username: 'ada@example.com', password: 'correct horse' };
  expect((await client.post('/token').send(json)).status).to.equal(200);

  // fewer scopes, and none that the account lacks
  const { body: bob } = await login('bob@example.com', 'battery staple', { scope: 'notes:read' });
  expect(bob.scope).to.equal('notes:read');
  expectScopeNeeded(await client.post('/notes').set(bearer(bob.access_token)).send({ text: 'x' }), 'notes:write');
  const more = await login('bob@example.com', 'battery staple', { scope: 'notes:write' });
  expect([more.status, more.body.error]).to.deep.equal([400, 'invalid_scope']);

  // refusals
  for (const name of ['ada@example.com', 'gone@example.com']) {
    const wrong = await login(name, 'wrong');
    expect([wrong.status, wrong.body.error]).to.deep.equal([400, 'invalid_grant']);
  }
  expectUnauthorized(await client.get('/notes'), 'token_missing');
  expectUnauthorized(await client.get('/notes').set(bearer('a.b.c')), 'token_invalid');
  await later(901, async () => expectUnauthorized(await client.get('/notes').set(ada), 'token_expired'));
};

export default check;
