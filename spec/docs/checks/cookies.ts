import { expect } from 'chai';
import { Authorized, JsonController, Post, useExpressServer } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer, cookie } from '../../support/http';
import type { Check } from '../check';
import { expectForbidden, expectUnauthorized, whoAmI } from '../trying';

@JsonController('/notes')
class Notes {
  @Authorized()
  @Post()
  write() {
    return { written: true };
  }
}

const credentials = { username: 'ada@example.com', password: 'correct horse' };
const attributesOf = (header: unknown) => String(header).split('; ').slice(1).sort();

const check: Check = async ({ app, lm, Accounts, SECRET }) => {
  useExpressServer(app, { controllers: [Notes], authorizationChecker: lm.checker });
  const client = supertest(app);
  const login = (fields = credentials) => client.post('/login').type('form').send(fields);
  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' } });

  // there and back
  const browser = supertest.agent(app);
  expectUnauthorized(await browser.get('/me'), 'token_missing');
  const loggedIn = await browser.post('/login').type('form').send(credentials);
  expect(loggedIn.body).to.deep.equal({ email: 'ada@example.com' });
  const [set, ...others] = loggedIn.get('Set-Cookie') ?? [];
  expect(others).to.deep.equal([]);
  expect(set).to.match(/^access-token=[\w-]+\.[\w-]+\.[\w-]+;/);
  expect(attributesOf(set)).to.deep.equal(['HttpOnly', 'Max-Age=28800', 'Path=/', 'SameSite=Lax']);
  expect((await browser.get('/me')).body).to.deep.equal({ email: 'ada@example.com' });
  expect((await browser.post('/notes')).body).to.deep.equal({ written: true });
  expect((await browser.post('/logout')).get('Set-Cookie')?.[0]).to.match(/^access-token=; Max-Age=0;/);
  expectUnauthorized(await browser.get('/me'), 'token_missing');

  // a wrong password sets nothing
  const wrong = await login({ ...credentials, password: 'wrong' });
  expect(wrong.status).to.equal(400);
  expect(wrong.body.error).to.equal('invalid_grant');
  expect(wrong.get('Set-Cookie')).to.equal(undefined);

  // Secure everywhere but on the loopback
  expect(attributesOf((await login().set('Host', 'localhost:3000')).get('Set-Cookie'))).not.to.include('Secure');
  expect(attributesOf((await login().set('Host', 'notes.example.com')).get('Set-Cookie'))).to.include('Secure');

  // a header wins, a bad one too
  expect((await client.get('/me').set(bearer(token))).status).to.equal(200);
  expectUnauthorized(await client.get('/me').set(cookie(token)).set(bearer('a.b.c')), 'token_invalid');

  // forgery: foreign pages cannot use the cookie, nor have it set
  const own = { Origin: 'http://notes.example.com', Host: 'notes.example.com' };
  for (const page of [{ 'Sec-Fetch-Site': 'same-origin' }, own]) {
    expect((await client.post('/notes').set(cookie(token)).set(page)).status).to.equal(200);
    expect((await login().set(page)).status).to.equal(200);
  }
  for (const page of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'cross-site', ...own },
    { ...own, Origin: 'http://evil.example.com' },
    { ...own, Origin: 'null' },
  ]) {
    const forged = await client.post('/notes').set(cookie(token)).set(page);
    expectForbidden(forged, 'CrossOriginError', 'cross_origin');
    const foreignLogin = await login().set(page);
    expectForbidden(foreignLogin, 'CrossOriginError', 'cross_origin');
    expect(foreignLogin.get('Set-Cookie')).to.equal(undefined);
    expect((await client.get('/me').set(cookie(token)).set(page)).status).to.equal(200);
    expect((await client.post('/notes').set(bearer(token)).set(page)).status).to.equal(200);
  }

  // the options that the text names
  const options = { userLoader: Accounts, useCookie: true };
  const cookieOnly = supertest(whoAmI(new LoginManager(SECRET, '/login', { ...options, useHeader: false })));
  expect((await cookieOnly.get('/').set(cookie(token))).status).to.equal(200);
  expectUnauthorized(await cookieOnly.get('/').set(bearer(token)), 'token_missing');
  const trustedOrigins = ['https://app.example.com'];
  const trusting = supertest(whoAmI(new LoginManager(SECRET, '/login', { ...options, trustedOrigins })));
  const from = (origin: string) => trusting.post('/').set(cookie(token)).set('Origin', origin);
  expect((await from('https://app.example.com')).status).to.equal(200);
  expectForbidden(await from('https://other.example.com'), 'CrossOriginError', 'cross_origin');
};

export default check;
