import { rejects } from 'node:assert/strict';
import { expect } from 'chai';
import { NotAuthenticatedError } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized, printedBy } from '../trying';

const check: Check = async ({ app, lm, token, user, may, claims }) => {
  // of a token
  expect(await user).to.include({ email: 'ada@example.com' });
  expect(await may).to.equal(false);
  expect(await claims).to.include({ sub: 'ada@example.com' });
  expect(await lm.hasScopes(token, ['notes:read'])).to.equal(true);
  expect(await lm.hasScopes(token, 'notes:write')).to.equal(false);
  await rejects(lm.hasScopes('a.b.c', 'notes:read'), NotAuthenticatedError);
  await rejects(lm.getCurrentUser('a.b.c'), NotAuthenticatedError);

  // of a request, as @Authorized does
  const client = supertest(app);
  const events = await client.get('/events').set(bearer(token));
  expect(events.status).to.equal(200);
  expect(events.body).to.deep.equal({ email: 'ada@example.com', scopes: ['notes:read'] });
  const without = lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes: ['notes:write'] });
  const printed = await printedBy(async () => {
    expectUnauthorized(await client.get('/events'), 'token_missing');
    expectUnauthorized(await client.get('/events').set(bearer('a.b.c')), 'token_invalid');
    expectScopeNeeded(await client.get('/events').set(bearer(without)), 'notes:read');
  });
  expect(printed).to.equal('');

  // a middleware
  await printedBy(async () => {
    expectUnauthorized(await client.get('/docs/index.html'), 'token_missing');
    expectScopeNeeded(await client.get('/docs/index.html').set(bearer(without)), 'notes:read');
  });
  expect((await client.get('/docs/none.html').set(bearer(token))).status).to.equal(404);

  // null where nobody is logged in, for whatever reason
  const gone = lm.createAccessToken({ data: { sub: 'gone@example.com' } });
  expect((await client.get('/greeting').set(bearer(token))).text).to.equal('Hello ada@example.com');
  for (const headers of [{}, bearer('a.b.c'), bearer(gone)]) {
    const greeting = await client.get('/greeting').set(headers);
    expect(greeting.status).to.equal(200);
    expect(greeting.text).to.equal('Hello stranger');
  }
};

export default check;
