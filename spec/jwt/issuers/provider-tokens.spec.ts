import { expect } from 'chai';
import type { RemoteSecret } from '../../../src/jwt/issuers/issuer-options';
import type { Secret } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { type Account, Accounts, SECRET } from '../../support/accounts';
import { closeProviders, Provider } from '../../support/provider';
import { forge } from '../../support/tokens';

const NOW = Math.floor(Date.now() / 1000);
const TIMES = { iat: NOW - 10, exp: NOW + 300 };

/** What a provider's access token looks like, and what an application writes to accept it. */
interface Shape {
  header?: Record<string, unknown>;
  /** Members of the default payload that the provider does not write are undefined. */
  claims: Record<string, unknown>;
  /** The path of the issuer. */
  path: string;
  secret: (issuer: string) => RemoteSecret;
  options?: LoginManagerOptions<Account>;
  scopes: string[];
  /** Tokens of the same provider that are no access tokens for this API, by what they are. */
  refused: Record<string, Record<string, unknown>>;
}

const shapes: Record<string, Shape> = {
  Keycloak: {
    path: '/realms/main',
    claims: {
      ...TIMES,
      jti: 'onrtac:7f1c',
      aud: ['notes-api', 'account'],
      sub: '2f1c7a9e-93b3-4fd3-8d3c-1a6a3e1e3a51',
      typ: 'Bearer',
      azp: 'notes-app',
      sid: '6a1f7f55-0b5a-4f0c-8c2b-0a7a3a0e9d0e',
      acr: '1',
      realm_access: { roles: ['editor', 'offline_access'] },
      scope: 'openid email notes:read',
      preferred_username: 'ada',
    },
    secret: (issuer) => ({ issuer, audience: 'notes-api' }),
    options: { scopeClaim: 'scope' },
    scopes: ['openid', 'email', 'notes:read'],
    refused: { 'the ID token of a client': { aud: 'notes-app', typ: 'ID' } },
  },
  'Keycloak, by realm roles': {
    path: '/realms/main',
    claims: { ...TIMES, aud: 'notes-api', sub: 'ada', realm_access: { roles: ['editor'] }, scope: 'openid' },
    secret: (issuer) => ({ issuer, audience: 'notes-api' }),
    options: { scopeClaim: (payload) => (payload.realm_access as { roles?: string[] } | undefined)?.roles },
    scopes: ['editor'],
    refused: {},
  },
  Auth0: {
    path: '/',
    header: { typ: 'at+jwt' },
    claims: {
      ...TIMES,
      aud: ['https://api.example.com', 'https://tenant.eu.auth0.com/userinfo'],
      sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
      azp: 'my_client_id',
      scope: 'openid profile',
      permissions: ['notes:read', 'notes:write'],
    },
    secret: (issuer) => ({ issuer, audience: 'https://api.example.com' }),
    options: { scopeClaim: 'permissions' },
    scopes: ['notes:read', 'notes:write'],
    refused: { 'the ID token of a client': { aud: 'my_client_id' } },
  },
  'Entra ID v1': {
    path: '/72f988bf-86f1-41af-91ab-2d7cd011db47/',
    claims: {
      ...TIMES,
      nbf: NOW - 10,
      aud: 'api://6731de76-14a6-49ae-97bc-6eba6914391e',
      sub: 'l3roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA',
      oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
      tid: '72f988bf-86f1-41af-91ab-2d7cd011db47',
      appid: 'client',
      scp: 'notes.read notes.write',
      ver: '1.0',
    },
    secret: (issuer) => ({ issuer, audience: 'api://6731de76-14a6-49ae-97bc-6eba6914391e' }),
    options: { scopeClaim: 'scp' },
    scopes: ['notes.read', 'notes.write'],
    refused: { 'a token for Microsoft Graph': { aud: '00000003-0000-0000-c000-000000000000' } },
  },
  'Entra ID v2': {
    path: '/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0',
    claims: {
      ...TIMES,
      nbf: NOW - 10,
      aud: '6731de76-14a6-49ae-97bc-6eba6914391e',
      sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
      azp: 'client',
      scp: 'notes.read',
      ver: '2.0',
    },
    secret: (issuer) => ({ issuer, audience: '6731de76-14a6-49ae-97bc-6eba6914391e' }),
    options: { scopeClaim: 'scp' },
    scopes: ['notes.read'],
    refused: { 'a token for Microsoft Graph': { aud: '00000003-0000-0000-c000-000000000000' } },
  },
  'Amazon Cognito': {
    path: '/eu-central-1_AbCdEfGhI',
    header: { typ: undefined },
    claims: {
      ...TIMES,
      aud: undefined,
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      client_id: '1example23456789',
      token_use: 'access',
      scope: 'notes/read',
      username: 'ada',
    },
    secret: (issuer) => ({ issuer, audience: null }),
    options: {
      scopeClaim: 'scope',
      acceptClaims: ({ token_use, client_id }) => token_use === 'access' && client_id === '1example23456789',
    },
    scopes: ['notes/read'],
    refused: {
      'the ID token': { aud: '1example23456789', token_use: 'id', client_id: undefined },
      'a token of another client': { client_id: 'another' },
    },
  },
  'Google (an ID token)': {
    path: '',
    claims: {
      ...TIMES,
      aud: '1234987819200.apps.googleusercontent.com',
      azp: '1234987819200.apps.googleusercontent.com',
      sub: '10769150350006150715113082367',
      email: 'ada@example.com',
      email_verified: true,
    },
    secret: (issuer) => ({ issuer, audience: '1234987819200.apps.googleusercontent.com' }),
    scopes: [],
    refused: { 'a token for another application': { aud: '999.apps.googleusercontent.com' } },
  },
  'Firebase (an ID token)': {
    path: '/my-project',
    claims: {
      ...TIMES,
      aud: 'my-project',
      auth_time: NOW - 100,
      sub: 'yk1RZ7Xv4yUZ',
      user_id: 'yk1RZ7Xv4yUZ',
      firebase: { identities: {}, sign_in_provider: 'password' },
    },
    secret: (issuer) => ({ issuer, audience: 'my-project' }),
    scopes: [],
    refused: { 'a token of another project': { aud: 'other-project' } },
  },
};

const refusal = (verifying: Promise<unknown>): Promise<unknown> =>
  verifying.then(
    () => undefined,
    ({ code }) => code,
  );

for (const [name, { path, header, claims, secret, options, scopes, refused }] of Object.entries(shapes))
  describe(`The token of ${name}`, () => {
    const start = async () => {
      const provider = await Provider.start(path);
      const manager = new LoginManager<Account>(secret(provider.issuer), null, { userLoader: Accounts, ...options });
      return { provider, manager };
    };

    afterEach(closeProviders);

    it('is accepted with its scopes', async () => {
      const { provider, manager } = await start();
      const token = provider.token({ header: header ?? {}, claims });
      const { sub } = await manager.verify(token);
      expect(sub).to.equal(claims.sub);
      expect(await manager.hasScopes(token, scopes)).to.equal(true);
      expect(await manager.hasScopes(token, [...scopes, 'more'])).to.equal(false);
    });

    for (const [what, changes] of Object.entries(refused))
      it(`is not mistaken for ${what}`, async () => {
        const { provider, manager } = await start();
        const token = provider.token({ header: header ?? {}, claims: { ...claims, ...changes } });
        expect(await refusal(manager.verify(token))).to.equal('token_invalid');
      });

    it('is refused after its expiry, for another issuer, and with another signature', async () => {
      const { provider, manager } = await start();
      const changed = (changes: object) => provider.token({ header: header ?? {}, claims: { ...claims, ...changes } });
      expect(await refusal(manager.verify(changed({ exp: NOW - 1 })))).to.equal('token_expired');
      expect(await refusal(manager.verify(changed({ iss: 'https://example.org' })))).to.equal('token_invalid');
      const good = changed({});
      const other = changed({ more: 1 });
      const mixed = `${good.slice(0, good.lastIndexOf('.'))}${other.slice(other.lastIndexOf('.'))}`;
      expect(await refusal(manager.verify(mixed))).to.equal('token_invalid');
    });
  });

describe('The token of Supabase', () => {
  const claims = {
    ...TIMES,
    iss: 'https://abcdefgh.supabase.co/auth/v1',
    aud: 'authenticated',
    sub: '269d0ab2-7b0f-4f10-8f9a-0f3f0b1f0d8c',
    role: 'authenticated',
    aal: 'aal1',
    session_id: '5b0c1d2e',
    is_anonymous: false,
  };
  const options: LoginManagerOptions<Account> = {
    userLoader: Accounts,
    issuer: 'https://abcdefgh.supabase.co/auth/v1',
    audience: 'authenticated',
  };

  it('is accepted with the shared secret, which has no name while the token has', async () => {
    const manager = new LoginManager<Account>(SECRET satisfies Secret, null, options);
    const token = forge({ header: { alg: 'HS256', kid: 'Yb0c', typ: 'JWT' }, payload: claims });
    expect((await manager.verify(token)).sub).to.equal(claims.sub);
  });

  it('is not mistaken for the public key of the project, which is a token with the same secret', async () => {
    const manager = new LoginManager<Account>(SECRET, null, options);
    const anon = forge({
      header: { alg: 'HS256', typ: 'JWT' },
      payload: { iss: 'supabase', ref: 'abcdefgh', ...TIMES },
    });
    expect(await refusal(manager.verify(anon))).to.equal('token_invalid');
  });
});
