import { expect } from 'chai';
import supertest from 'supertest';
import { Browser } from '../../support/browser';
import type { Check } from '../check';
import { expectForbidden, expectUnauthorized, urlOf } from '../trying';

const page = { Origin: 'https://app.example.com', 'Sec-Fetch-Site': 'same-site' };
const fields = { username: 'ada@example.com', password: 'correct horse' };

const check: Check = async (_sample, { servers }) => {
  const client = supertest(urlOf(servers[0]));
  const browser = new Browser(client); // it keeps the cookie, which is Secure, although the specs have no https
  const login = (headers: Record<string, string>) => browser.send('post', '/login', headers, fields);
  const expectReadable = ({ headers }: { headers: Record<string, string> }) => {
    expect(headers['access-control-allow-origin']).to.equal('https://app.example.com');
    expect(headers['access-control-allow-credentials']).to.equal('true');
    expect(headers.vary).to.contain('Origin');
  };

  // the browser asks first, and may read what is refused
  const preflight = await client.options('/me').set(page).set('Access-Control-Request-Method', 'DELETE');
  expect(preflight.status).to.equal(204);
  expectReadable(preflight);
  const missing = await browser.send('get', '/me', page);
  expectUnauthorized(missing, 'token_missing');
  expectReadable(missing);

  // there and back
  const loggedIn = await login(page);
  expectReadable(loggedIn);
  expect(String(loggedIn.headers['set-cookie'])).to.match(/^access-token=[^;]+;.*HttpOnly; Secure; SameSite=Lax/);
  const me = await browser.send('get', '/me', page);
  expect(me.body).to.deep.equal({ email: 'ada@example.com' });
  expectReadable(me);
  expect(me.headers.vary).to.contain('Cookie');
  expect((await browser.send('post', '/logout', page)).status).to.equal(200);
  expectUnauthorized(await browser.send('get', '/me', page), 'token_missing');

  // pages of others neither log in nor read
  const other = { Origin: 'https://other.example.com', 'Sec-Fetch-Site': 'same-site' };
  const forged = await login(other);
  expectForbidden(forged, 'CrossOriginError', 'cross_origin');
  expect(forged.headers['access-control-allow-origin']).to.equal(undefined);
};

export default check;
