import { expect } from 'chai';
import { Authorized, Get, JsonController, useExpressServer } from 'routing-controllers';
import { ConfigurationError, LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { claimsOf, expectScopeNeeded, expectUnauthorized, whoAmI } from '../trying';

@JsonController('/slip')
class Slip {
  @Authorized('notes:raed')
  @Get()
  list() {
    return ['a note'];
  }
}

const check: Check = async ({ app, lm, Accounts, SECRET }) => {
  const client = supertest(app);
  const data = { sub: 'bob@example.com' };
  const elsewhere = new LoginManager(SECRET, '/login'); // declares no scopes
  const having = (...scopes: string[]) => bearer(elsewhere.createAccessToken({ data, scopes }));

  // on the class: for every route
  expectUnauthorized(await client.get('/notes'), 'token_missing');
  expect((await client.get('/notes').set(having('notes:read'))).body).to.deep.equal(['a note']);
  expectScopeNeeded(await client.get('/notes').set(having('notes:write', 'admin')), 'notes:read');
  expectScopeNeeded(await client.get('/notes').set(having()), 'notes:read');

  // whole words
  expectScopeNeeded(await client.get('/notes').set(having('notes:reader', 'notes', 'read')), 'notes:read');

  // both
  expectScopeNeeded(await client.post('/notes').set(having('notes:read')), 'notes:read notes:write');
  expectScopeNeeded(await client.post('/notes').set(having('notes:write')), 'notes:read notes:write');
  expect((await client.post('/notes').set(having('notes:read', 'notes:write'))).body).to.deep.equal({ written: true });

  // notes:read, and one of two
  for (const scopes of [['notes:read'], ['notes:write'], ['admin'], ['notes:write', 'admin']]) {
    expectScopeNeeded(await client.delete('/notes/1').set(having(...scopes)), 'notes:read notes:write admin');
  }
  for (const scope of ['notes:write', 'admin']) {
    const removed = await client.delete('/notes/1').set(having('notes:read', scope));
    expect(removed.body).to.deep.equal({ removed: true });
  }

  // a token gets none that was not declared
  expect(() => lm.createAccessToken({ data, scopes: ['notes:raed'] })).to.throw(ConfigurationError, 'notes:raed');
  expect(lm.createAccessToken({ data, scopes: ['notes:read'] })).to.be.a('string');

  // either form is read
  const spaced = new LoginManager(SECRET, '/login', { scopeClaim: 'scope' });
  const token = spaced.createAccessToken({ data, scopes: ['notes:read', 'notes:write'] });
  expect(claimsOf(token).scope).to.equal('notes:read notes:write');
  expect(claimsOf(token).scopes).to.equal(undefined);
  expect((await client.post('/notes').set(bearer(token))).status).to.equal(200);

  // a scope that was not declared closes its route, for everybody
  useExpressServer(app, { controllers: [Slip], authorizationChecker: lm.checker });
  const slip = await client.get('/slip').set(having('notes:raed', 'notes:read', 'admin'));
  expect(slip.status).to.equal(500);
  expect(slip.body).to.include({ name: 'ConfigurationError' });
  expect(slip.body.message).to.include('Did you mean "notes:read"?');

  // what the user may do, instead of what the token says
  const roles = new LoginManager<{ scopes: string[] }>(SECRET, '/login', {
    userLoader: Accounts,
    scopesOf: (user) => user.scopes,
  });
  const mine = await supertest(whoAmI(roles)).get('/').set(having('admin'));
  expect(mine.body).to.deep.equal({ email: 'bob@example.com', scopes: ['notes:read'] });
};

export default check;
