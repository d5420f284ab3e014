import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectForbidden, expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const ada = (scopes: string[], data = {}) =>
    bearer(lm.createAccessToken({ data: { sub: 'ada@example.com', ...data }, scopes }));
  const own = '/accounts/1/notes';
  const other = '/accounts/2/notes';

  expectUnauthorized(await client.get(own), 'token_missing');
  expect((await client.get(own).set(ada(['notes:read']))).status).to.equal(200);
  expectScopeNeeded(await client.get(own).set(ada(['notes:write'])), 'notes:read');

  // the scopes of class and method, and the policy
  const writer = ada(['notes:read', 'notes:write']);
  expect((await client.post(own).set(writer)).status).to.equal(200);
  expectForbidden(await client.post(other).set(writer), 'PolicyDeniedError', 'policy_denied');
  expectScopeNeeded(await client.post(own).set(ada(['notes:read'])), 'notes:read notes:write');

  // a scope or the policy
  expect((await client.put(`${own}/7`).set(ada(['notes:read']))).status).to.equal(200);
  expect((await client.put(`${other}/7`).set(ada(['notes:read', 'notes:admin']))).status).to.equal(200);
  expect((await client.put(`${other}/7`).set(ada(['notes:read']))).status).to.equal(403);

  // the age of the login
  const remove = (ageInSeconds: number) => {
    const auth_time = Math.floor(Date.now() / 1000) - ageInSeconds;
    return client.delete(`${own}/7`).set(ada(['notes:read', 'notes:admin'], { auth_time }));
  };
  expect((await remove(60)).status).to.equal(200);
  const late = await remove(600);
  expect([late.status, late.body.code]).to.deep.equal([401, 'insufficient_user_authentication']);
  expect(late.get('WWW-Authenticate')).to.include('max_age="300"');
};

export default check;
