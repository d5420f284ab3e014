import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { expect } from 'chai';
import { ConfigurationError, LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, headerOf, whoAmI } from '../trying';

const check: Check = async ({ hmac, rsa, verifier, rotated, privateKey, publicKey, SECRET, Database }) => {
  const servers = new Map<LoginManager, ReturnType<typeof supertest>>();
  for (const manager of [hmac, rsa, verifier, rotated]) {
    manager.userLoader(new Database())((email: string, { accounts }: typeof Database) => accounts.find(email));
    servers.set(manager, supertest(whoAmI(manager)));
  }
  const ask = (manager: LoginManager, token: string) => servers.get(manager)?.get('/').set(bearer(token));
  const signedBy = (manager: LoginManager) => manager.createAccessToken({ data: { sub: 'ada@example.com' } });
  const accepts = async (manager: LoginManager, token: string) => {
    const response = await ask(manager, token);
    expect(response?.status).to.equal(200);
    expect(response?.body).to.include({ email: 'ada@example.com' });
  };
  const refuses = async (manager: LoginManager, token: string) => {
    const response = await ask(manager, token);
    if (response) expectUnauthorized(response, 'token_invalid');
  };

  // each its own
  for (const manager of [hmac, rsa, rotated]) await accepts(manager, signedBy(manager));
  expect(headerOf(signedBy(hmac)).alg).to.equal('HS256');
  expect(headerOf(signedBy(rsa)).alg).to.equal('RS256');

  // the public half verifies, and does not sign
  await accepts(verifier, signedBy(rsa));
  expect(() => signedBy(verifier)).to.throw(ConfigurationError, 'private key');
  await refuses(verifier, signedBy(hmac));

  // the header does not choose the algorithm: here it would make an HMAC secret of the public key
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (text: string, secret: string) =>
    `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  const claims = part({ sub: 'ada@example.com', exp: Math.floor(Date.now() / 1000) + 60 });
  await refuses(verifier, sign(`${part({ alg: 'HS256', typ: 'JWT' })}.${claims}`, publicKey));
  await refuses(hmac, `${part({ alg: 'none' })}.${claims}.`);

  // fastapi-login writes no more than this
  const foreign = sign(`${part({ alg: 'HS256', typ: 'JWT' })}.${claims}`, SECRET);
  await accepts(hmac, foreign);
  await refuses(hmac, `${foreign}=`);
  await refuses(hmac, sign(`${part({ alg: 'HS256', crit: ['x'], x: 1 })}.${claims}`, SECRET));
  await refuses(hmac, sign(`${part({ alg: 'HS256' })}.${part({ sub: 'ada@example.com' })}`, SECRET));

  // the new secret signs, both verify
  await accepts(rotated, signedBy(hmac));
  await refuses(hmac, signedBy(rotated));

  // what cannot work is refused at start-up
  const { privateKey: small } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  for (const [secret, algorithm, message] of [
    [{ privateKey, password: 'another password' }, 'RS256', 'password'],
    [privateKey, 'RS256', 'password'],
    [small, 'RS256', '2048'],
    [ec, 'RS256', 'RSA'],
    [ec, 'ES384', 'secp384r1'],
    [publicKey, 'HS256', 'not an HMAC secret'],
    ['', 'HS256', 'empty'],
  ] as const) {
    expect(() => new LoginManager(secret, '/login', { algorithm })).to.throw(ConfigurationError, message);
  }
  expect(new LoginManager(ec, '/login', { algorithm: 'ES256' })).to.be.instanceOf(LoginManager);

  // a short secret is a warning, and in production an error
  const warned = once(process, 'warning');
  new LoginManager('too short', '/login');
  const [warning] = await warned;
  expect(warning).to.include({ code: 'LOGIN_WEAK_SECRET' });
  process.env.NODE_ENV = 'production';
  expect(() => new LoginManager('too short', '/login')).to.throw(ConfigurationError, '32');
};

export default check;
