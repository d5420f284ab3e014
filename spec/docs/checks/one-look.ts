import { Agent } from 'node:http';
import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { claimsOf, countCalls, expectScopeNeeded, expectUnauthorized, printedBy } from '../trying';

const check: Check = async ({ lm, Accounts }, { servers: [server] }) => {
  if (!server) throw new Error('The sample does not listen');
  const client = supertest(server);
  const login = (fields: object) => client.post('/login').type('form').send(fields);
  const ada = { username: 'ada@example.com', password: 'correct horse' };

  // as with curl: log in, then ask for the notes
  const { body: token, status, headers } = await login(ada);
  expect(status).to.equal(200);
  expect(headers['cache-control']).to.equal('no-store');
  expect(token).to.include({ token_type: 'bearer', expires_in: 900, scope: 'notes:read notes:write' });
  const loads = countCalls(Accounts.prototype, 'findByEmail');
  const notes = await client.get('/notes').set(bearer(token.access_token));
  expect(notes.status).to.equal(200);
  expect(notes.body).to.deep.equal(['a note of ada@example.com']);
  expect(loads.count, 'calls of the loader').to.equal(1);

  // scopes as asked for, never more than the account has
  const { body: narrow } = await login({ ...ada, scope: 'notes:write' });
  expect(claimsOf(narrow.access_token).scopes).to.deep.equal(['notes:write']);
  const { body: all } = await login({ ...ada, username: 'bob@example.com' });
  expect(all.scope).to.equal('notes:read');
  const greedy = await login({ ...ada, username: 'bob@example.com', scope: 'notes:read notes:write' });
  expect(greedy.status).to.equal(400);
  expect(greedy.body.error).to.equal('invalid_scope');

  // a login that fails
  const wrong = await login({ ...ada, password: 'wrong' });
  expect(wrong.status).to.equal(400);
  expect(wrong.body).to.deep.equal({ error: 'invalid_grant', error_description: 'Wrong username or password' });
  expect(wrong.headers['cache-control']).to.equal('no-store');
  const incomplete = await login({ username: 'ada@example.com' });
  expect(incomplete.status).to.equal(400);
  expect(incomplete.body.error).to.equal('invalid_request');

  // a refused request keeps its connection, prints nothing, and shows no stack
  let connections = 0;
  server.on('connection', () => connections++);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const gone = lm.createAccessToken({ data: { sub: 'gone@example.com' }, scopes: ['notes:read'] });
  const printed = await printedBy(async () => {
    expectUnauthorized(await client.get('/notes').agent(agent), 'token_missing');
    expectUnauthorized(await client.get('/notes').agent(agent).set(bearer('a.b.c')), 'token_invalid');
    expectUnauthorized(await client.get('/notes').agent(agent).set(bearer(gone)), 'user_unknown');
    expectScopeNeeded(await client.get('/notes').agent(agent).set(bearer(narrow.access_token)), 'notes:read');
  });
  expect(connections).to.equal(1);
  expect(printed).to.equal('');
};

export default check;
