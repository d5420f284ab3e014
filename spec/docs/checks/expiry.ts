import { expect } from 'chai';
import { ConfigurationError, LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { claimsOf, expectUnauthorized, later, whoAmI } from '../trying';

const check: Check = async ({ lm, usual, short, scoped, Database, SECRET }) => {
  const lifetime = (token: string) => claimsOf(token).exp - claimsOf(token).iat;
  expect([usual, short, scoped].map(lifetime)).to.deep.equal([12 * 3600, 90, 3600]);
  expect(lifetime(new LoginManager(SECRET, '/login').createAccessToken({ data: { sub: 'ada' } }))).to.equal(15 * 60);
  expect(claimsOf(usual).scopes).to.equal(undefined);
  expect(claimsOf(scoped).scopes).to.deep.equal(['notes:read']);

  lm.userLoader()((email: string) => new Database().accounts.find(email));
  const client = supertest(whoAmI(lm));
  const ask = (token: string) => client.get('/').set(bearer(token));
  const accepts = async (token: string) => expect((await ask(token)).status).to.equal(200);
  for (const token of [usual, short, scoped]) await accepts(token);
  await later(91, async () => {
    expectUnauthorized(await ask(short), 'token_expired');
    await accepts(scoped);
  });
  await later(3601, async () => {
    expectUnauthorized(await ask(scoped), 'token_expired');
    await accepts(usual);
  });
  await later(12 * 3600 + 1, async () => expectUnauthorized(await ask(usual), 'token_expired'));

  const data = { sub: 'ada@example.com' };
  for (const expires of [0, -1, Number.POSITIVE_INFINITY, Number.NaN, '', 'soon', '12', '-1h', Date.now()]) {
    expect(() => lm.createAccessToken({ data, expires }), String(expires)).to.throw(ConfigurationError, 'expires');
  }
  for (const expires of ['500ms', '90 s', '15m', '12h', '30d']) lm.createAccessToken({ data, expires });

  const response = await lm.createTokenResponse({ data, expires: '12h', scopes: ['notes:read', 'notes:write'] });
  expect(response).to.have.all.keys('access_token', 'token_type', 'expires_in', 'scope');
  expect(response).to.include({ token_type: 'bearer', expires_in: 43_200, scope: 'notes:read notes:write' });
  await accepts(response.access_token);
};

export default check;
