import { expect } from 'chai';
import supertest from 'supertest';
import { cookie, foreign } from '../../support/http';
import type { Check } from '../check';
import { expectForbidden, whoAmI } from '../trying';

const check: Check = async ({ app, lm }) => {
  app.use('/me', whoAmI(lm));
  const browser = supertest.agent(app);
  const post = (path: string, fields: object) => browser.post(path).type('form').send(fields);

  // both tokens in cookies, the refresh token nowhere else
  const login = await post('/token', { username: 'ada@example.com', password: 'correct horse' });
  expect(login.status).to.equal(200);
  expect(login.body).to.have.all.keys('access_token', 'token_type', 'expires_in', 'scope');
  expect(login.get('Cache-Control')).to.equal('no-store');
  const written = login.get('Set-Cookie') ?? [];
  expect(written.some((one) => /^access-token=.*; Path=\/;.*HttpOnly/.test(one))).to.equal(true);
  expect(written.some((one) => /^access-token-refresh=.*; Path=\/token;.*HttpOnly/.test(one))).to.equal(true);
  expect((await browser.get('/me')).body.email).to.equal('ada@example.com');

  // silent renewal
  const renewed = await post('/token', { grant_type: 'refresh_token' });
  expect(renewed.status).to.equal(200);
  expect(renewed.get('Set-Cookie')).to.have.length(2);
  expect((await browser.get('/me')).body.email).to.equal('ada@example.com');
  const forged = await post('/token', { grant_type: 'refresh_token' }).set(foreign);
  expectForbidden(forged, 'CrossOriginError', 'cross_origin');

  // the end of it
  const token = String(renewed.get('Set-Cookie')?.find((one) => one.startsWith('access-token='))).split(/[=;]/)[1];
  expect((await post('/token/revoke', {})).status).to.equal(200);
  expect((await browser.get('/me')).status).to.equal(401);
  expect(
    (
      await supertest(app)
        .get('/me')
        .set(cookie(token as string))
    ).status,
  ).to.equal(401);

  // refusals
  const wrong = await post('/token', { username: 'ada@example.com', password: 'wrong' });
  expect([wrong.status, wrong.body.error]).to.deep.equal([400, 'invalid_grant']);
  expect((await post('/token', { grant_type: 'implicit' })).body.error).to.equal('unsupported_grant_type');
};

export default check;
