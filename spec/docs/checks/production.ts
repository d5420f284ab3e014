import { expect } from 'chai';
import { ConfigurationError, LoginManager, MemorySessionStore } from 'routing-controllers-login';
import supertest from 'supertest';
import { setCookies } from '../../support/browser';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ createApp }) => {
  process.env.NODE_ENV = 'production';
  const store = () => new MemorySessionStore();
  expect(() => createApp('too short', store())).to.throw(ConfigurationError, '32');

  const secret = 'the secret of production, of forty bytes.';
  const { app, lm } = createApp(secret, store());
  const client = supertest(app);
  const login = (password: string) =>
    client.post('/api/token').type('form').send({ username: 'ada@example.com', password });

  const { body } = await login('correct horse');
  expect(body.scope).to.equal('notes:read notes:write');
  expect((await lm.verify(body.access_token)).aud).to.equal('https://app.example.com');

  // a token of staging is none
  const staging = createApp('the secret of staging, also forty bytes..', store());
  expect((await staging.lm.verify(body.access_token).catch(({ code }: never) => code)) as string).to.equal(
    'token_invalid',
  );

  // a token for another service of the same secret neither
  const other = new LoginManager(secret, null, { audience: 'https://other.example.com' });
  const foreign = other.createAccessToken({ data: { sub: 'ada@example.com' } });
  expect(await lm.verify(foreign).catch(({ code }: never) => code)).to.equal('token_invalid');

  // the cookie of a login
  app.get('/sign-in', async (_request: never, response: never) => {
    await lm.login(response, { data: { sub: 'ada@example.com' } });
    (response as { end(): void }).end();
  });
  const [session] = setCookies(await client.get('/sign-in'));
  expect(session?.name).to.equal('__Host-session');
  expect(session?.attributes).to.include({ secure: '', httponly: '', path: '/' }).and.not.have.property('domain');

  // failures are limited
  const statuses = [];
  for (let attempt = 0; attempt < 11; attempt++) statuses.push((await login('wrong')).status);
  expect(statuses).to.deep.equal([...Array(10).fill(400), 429]);
  expect((await login('correct horse')).status).to.equal(429);

  expect((await client.get('/api/token').set(bearer(body.access_token))).status).to.equal(404);
};

export default check;
