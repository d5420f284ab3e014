import { expect } from 'chai';
import { LoginManager } from 'routing-controllers-login';
import request from 'supertest';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const read = async (path: string) => (await request(app).get(`/.well-known/${path}`)).body;

  const { keys } = await read('jwks.json');
  expect(keys[0]).to.include({ kid: '2030-01', alg: 'EdDSA', use: 'sig' }).and.not.have.property('d');
  expect(await read('oauth-authorization-server')).to.include({
    issuer: 'https://login.example.com',
    jwks_uri: 'https://login.example.com/.well-known/jwks.json',
    token_endpoint: 'https://login.example.com/login',
  });
  for (const path of ['oauth-protected-resource', 'oauth-protected-resource/notes'])
    expect(await read(path)).to.deep.include({
      resource: 'https://api.example.com/notes',
      authorization_servers: ['https://login.example.com'],
    });

  const challenge = (await request(app).get('/notes')).get('WWW-Authenticate');
  expect(challenge).to.equal(
    'Bearer realm="api", scope="notes:read", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"',
  );

  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' } });
  const audience = 'https://api.example.com/notes';
  const verifier = new LoginManager({ keys }, null, { algorithm: 'EdDSA', audience });
  expect(await verifier.verify(token)).to.include({ iss: 'https://login.example.com', aud: audience });
};

export default check;
