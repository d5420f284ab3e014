import { Writable } from 'node:stream';
import { expect } from 'chai';
import { pino } from 'pino';
import { LoginManager, MemorySessionStore } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer, cookie } from '../../support/http';
import type { Check } from '../check';
import { whoAmI } from '../trying';

const check: Check = async ({ options, audit, SECRET, Database }) => {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const logger = pino({ ...options, level: 'debug' }, stream);
  audit(logger);
  const lines = () =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const events = () => lines().map(({ event, code }) => (code ? `${event}: ${code}` : event));

  let isBroken = false;
  const store = new MemorySessionStore();
  const read = store.read.bind(store);
  store.read = (...args) => (isBroken ? Promise.reject(new Error('down')) : read(...args));
  const lm = new LoginManager<object>(SECRET, '/login', {
    sessionStore: store,
    useCookie: true,
    refreshLeeway: 0,
    credentials: [],
  });
  lm.userLoader()((email: string) => new Database().accounts.find(email));
  const client = supertest(whoAmI(lm));

  const { access_token, refresh_token = '' } = await lm.createTokenResponse({
    data: { sub: 'ada@example.com' },
    refresh: true,
  });
  await client.get('/').set(bearer(access_token));
  await client.get('/').set({ ...bearer('secret.of.somebody'), 'X-API-Key': 'secret-key' });
  await client.get('/').set(cookie('secret.cookie.here'));
  await lm.refresh(refresh_token);
  await lm.refresh(refresh_token).catch(() => undefined);
  await client.get('/').set(bearer(access_token));
  await lm.revokeAll('ada@example.com');
  isBroken = true;
  await client.get('/').set(bearer(access_token));

  expect(events()).to.include.members([
    'login',
    'refused: token_invalid',
    'refresh',
    'reuse',
    'refused: token_revoked',
    'revoke',
    'store-error',
  ]);
  expect(lines().find(({ event }) => event === 'login')).to.include({ sub: 'ada@example.com', level: 30 });
  const refused = lines().find(({ event }) => event === 'refused');
  expect(refused.req.headers).to.include({ authorization: '[Redacted]', 'x-api-key': '[Redacted]' });
  expect(refused.ip).to.match(/127\.0\.0\.1$/);
  for (const secret of ['secret', access_token, refresh_token]) expect(text).not.to.include(secret);
};

export default check;
