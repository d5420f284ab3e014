import { rejects } from 'node:assert/strict';
import { expect } from 'chai';
import { ConfigurationError, InvalidGrantError, InvalidScopeError } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { claimsOf, expectUnauthorized, later } from '../trying';

const check: Check = async ({ app, lm, renew }) => {
  const client = supertest(app);
  const fields = { username: 'ada@example.com', password: 'correct horse' };
  const login = async () => (await client.post('/login').type('form').send(fields)).body;
  const me = (token: string) => client.get('/me').set(bearer(token));
  const expectEnded = async (...tokens: string[]) => {
    for (const token of tokens) expectUnauthorized(await me(token), 'token_revoked');
  };

  // a refresh token has one successor, and its use after the leeway ends the session
  const first = await login();
  expect(first).to.include({ token_type: 'bearer', expires_in: 900, scope: 'notes:read notes:write' });
  const second = await renew(first.refresh_token);
  for (const { access_token } of [first, second]) {
    expect((await me(access_token)).body).to.deep.equal({ email: 'ada@example.com' });
  }
  expect(claimsOf((await renew(first.refresh_token)).refresh_token)).to.deep.equal(claimsOf(second.refresh_token));
  await later(31, async () => rejects(renew(first.refresh_token), InvalidGrantError));
  await expectEnded(first.access_token, second.access_token);
  await rejects(renew(second.refresh_token), InvalidGrantError);

  // fewer scopes, and no more
  const { refresh_token } = await login();
  await rejects(lm.refresh(refresh_token, { scopes: ['admin'] }), InvalidScopeError);
  expect((await lm.refresh(refresh_token, { scopes: ['notes:read'] })).scope).to.equal('notes:read');

  // logout: the whole login, and no other
  const [one, other] = [await login(), await login()];
  expect((await client.post('/logout').set(bearer(one.access_token))).status).to.equal(200);
  await expectEnded(one.access_token);
  await rejects(renew(one.refresh_token), InvalidGrantError);
  expect((await me(other.access_token)).status).to.equal(200);

  // everywhere: all logins up to now, and the next one works
  const everywhere = await client.post('/logout-everywhere').set(bearer(other.access_token));
  expect(everywhere.status).to.equal(200);
  await expectEnded(other.access_token);
  expect((await me((await login()).access_token)).status).to.equal(200);

  // one token alone, or nothing
  const third = await login();
  await lm.revoke(third.access_token);
  await lm.revoke('garbage');
  await expectEnded(third.access_token);
  expect(await renew(third.refresh_token)).to.have.property('access_token');

  // 30 days, however often it is refreshed
  let pair = await login();
  const { exp } = claimsOf(pair.refresh_token);
  await later(29 * 24 * 3600, async () => {
    pair = await renew(pair.refresh_token);
    expect(claimsOf(pair.refresh_token).exp).to.equal(exp);
  });
  await later(30 * 24 * 3600 + 1, async () => rejects(renew(pair.refresh_token), InvalidGrantError));
  expect(() => lm.createAccessToken({ data: { sub: 'a' }, expires: '31d' })).to.throw(ConfigurationError);
};

export default check;
