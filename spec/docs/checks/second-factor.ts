import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { later } from '../trying';

const check: Check = async ({ app, codeOf, stepOf, findAccount }) => {
  // RFC 6238, appendix B; the last six of its eight digits
  const secret = Buffer.from('12345678901234567890');
  for (const [seconds, code] of Object.entries({ 59: '287082', 1111111109: '081804', 20000000000: '353130' })) {
    expect(codeOf(secret, Math.floor(Number(seconds) / 30))).to.equal(code);
    expect(stepOf(secret, code, Number(seconds) * 1000)).to.equal(Math.floor(Number(seconds) / 30));
    expect(stepOf(secret, code, (Number(seconds) + 30) * 1000)).to.equal(Math.floor(Number(seconds) / 30));
    expect(stepOf(secret, code, (Number(seconds) + 91) * 1000)).to.equal(undefined);
  }
  for (const code of ['', '12345', '1234567', 'ä12345', '12 456']) expect(stepOf(secret, code)).to.equal(undefined);

  const client = supertest(app);
  const post = (fields: object) =>
    client
      .post('/token')
      .type('form')
      .send({ grant_type: 'password', ...fields });
  const login = (name: string, code?: string, password = 'correct horse') =>
    post({ username: `${name}@example.com`, password, ...(code !== undefined && { code }) });
  const codeNow = () => codeOf(secret, Math.floor(Date.now() / 30_000));
  const transfer = (token: string) => client.post('/transfers').set(bearer(token));

  // the code is asked for once the password is right, and works once
  expect((await login('ada')).body).to.deep.equal({ error: 'invalid_grant', error_description: 'A code is required' });
  expect((await login('ada', undefined, 'wrong')).body.error_description).not.to.match(/code/);
  expect((await login('ada', codeNow(), 'wrong')).status).to.equal(400);
  expect(findAccount('ada@example.com').lastStep).to.equal(0);
  const code = codeNow();
  const ada = await login('ada', code);
  expect(ada.status).to.equal(200);
  expect((await login('ada', code)).status).to.equal(400);
  for (const wrong of ['000000', '', 'abc']) {
    const { status } = await login('ada', wrong);
    expect(status).to.equal(400);
  }

  // such a login opens the route, also after a refresh, and not for long
  expect((await transfer(ada.body.access_token)).body).to.deep.equal({ sent: true });
  const { refresh_token } = ada.body;
  const refreshed = await client.post('/token').type('form').send({ grant_type: 'refresh_token', refresh_token });
  expect((await transfer(refreshed.body.access_token)).status).to.equal(200);
  await later(301, async () => {
    const { status, headers } = await transfer(ada.body.access_token);
    expect(status).to.equal(401);
    expect(headers['www-authenticate']).to.contain('max_age="300", acr_values="mfa"');
  });

  // without a second factor: the rest
  const bob = await login('bob');
  expect((await client.get('/me').set(bearer(bob.body.access_token))).body).to.deep.equal({ email: 'bob@example.com' });
  expect((await transfer(bob.body.access_token)).body.code).to.equal('insufficient_user_authentication');
};

export default check;
