import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, whoAmI } from '../trying';

const check: Check = async ({ createManager }) => {
  const key = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: '2030-01' };
  const options = {
    algorithm: 'EdDSA',
    issuer: 'https://login.example.com',
    audience: 'https://api.example.com/notes',
  } as const;
  const login = new LoginManager(key, '/login', options);
  const app = express();
  login.attachWellKnown(app);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;

  const lm = createManager(`http://127.0.0.1:${port}/.well-known/jwks.json`);
  const client = supertest(whoAmI(lm));
  const tokenOf = (manager: LoginManager) => bearer(manager.createAccessToken({ data: { sub: 'ada@example.com' } }));
  expect((await client.get('/').set(tokenOf(login))).body).to.include({ email: 'ada@example.com' });
  for (const other of [{ issuer: 'https://other.example' }, { audience: 'https://api.example.com/other' }])
    expectUnauthorized(
      await client.get('/').set(tokenOf(new LoginManager(key, '/login', { ...options, ...other }))),
      'token_invalid',
    );

  // without any key: 503; with keys, the other service may be down
  server.closeAllConnections();
  server.close();
  expect((await client.get('/').set(tokenOf(login))).status).to.equal(200);
  const late = createManager(`http://127.0.0.1:${port}/.well-known/jwks.json`);
  const answer = await supertest(whoAmI(late)).get('/').set(tokenOf(login));
  expect([answer.status, answer.body.code]).to.deep.equal([503, 'service_unavailable']);
  expect(answer.get('Retry-After')).to.match(/^\d+$/);
};

export default check;
