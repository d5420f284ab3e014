import { expect } from 'chai';
import type { RemoteSecret } from '../../../src/jwt/issuers/issuer-options';
import type { Secret } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { type Account, Accounts, SECRET } from '../../support/accounts';
import { p256 } from '../../support/keys';
import { closeProviders, Provider, type ProviderKey } from '../../support/provider';
import {
  auth0,
  cognito,
  entraV1,
  entraV2,
  firebase,
  google,
  keycloak,
  type ProviderToken,
  supabase,
} from '../../support/provider-tokens';
import { forge } from '../../support/tokens';

/** What an application writes to accept the tokens of a provider. */
interface Provided {
  token: ProviderToken;
  /** How the provider signs; default RS256. */
  signing?: { key: ProviderKey; algorithm: string };
  secret: (issuer: string, jwksUri: string) => RemoteSecret;
  options?: LoginManagerOptions<Account>;
  scopes: string[];
}

const providers: Record<string, Provided> = {
  Keycloak: {
    token: keycloak,
    secret: (issuer) => ({ issuer, audience: 'notes-api' }),
    options: { scopeClaim: 'scope', acceptClaims: ({ typ }) => typ === 'Bearer' },
    scopes: ['openid', 'email', 'notes:read'],
  },
  'Keycloak, by the roles of the realm': {
    token: keycloak,
    secret: (issuer) => ({ issuer, audience: 'notes-api' }),
    options: {
      scopeClaim: ({ realm_access: realm }) => (realm as { roles?: string[] } | undefined)?.roles,
      acceptClaims: ({ typ }) => typ === 'Bearer',
    },
    scopes: ['editor', 'offline_access'],
  },
  Auth0: {
    token: auth0,
    secret: (issuer) => ({ issuer, audience: 'https://api.example.com' }),
    options: { scopeClaim: 'permissions' },
    scopes: ['notes:read', 'notes:write'],
  },
  'Entra ID v1': {
    token: entraV1,
    secret: (issuer) => ({ issuer, audience: 'api://6731de76-14a6-49ae-97bc-6eba6914391e' }),
    options: { scopeClaim: 'scp' },
    scopes: ['notes.read', 'notes.write'],
  },
  'Entra ID v2': {
    token: entraV2,
    secret: (issuer) => ({ issuer, audience: '6731de76-14a6-49ae-97bc-6eba6914391e' }),
    options: { scopeClaim: 'scp', acceptClaims: ({ scp, roles }) => scp !== undefined || roles !== undefined },
    scopes: ['notes.read'],
  },
  'Entra ID v2, of an application without a user': {
    token: { ...entraV2, claims: { ...entraV2.claims, scp: undefined, roles: ['Notes.Read.All'] }, refused: {} },
    secret: (issuer) => ({ issuer, audience: '6731de76-14a6-49ae-97bc-6eba6914391e' }),
    options: { scopeClaim: 'roles', acceptClaims: ({ scp, roles }) => scp !== undefined || roles !== undefined },
    scopes: ['Notes.Read.All'],
  },
  'Amazon Cognito': {
    token: cognito,
    secret: (issuer) => ({ issuer, audience: null }),
    options: {
      scopeClaim: 'scope',
      acceptClaims: ({ token_use, client_id }) => token_use === 'access' && client_id === '1example23456789',
    },
    scopes: ['notes/read'],
  },
  'Google (an ID token)': {
    token: google,
    secret: (issuer) => ({ issuer, audience: '1234987819200.apps.googleusercontent.com' }),
    scopes: [],
  },
  'Firebase (an ID token)': {
    token: firebase,
    secret: (issuer) => ({ issuer, audience: 'my-project' }),
    scopes: ['notes:read'],
  },
  'Supabase, with the keys of the project': {
    token: supabase,
    signing: { key: { kid: '5b2c', alg: 'ES256', use: 'sig', pair: p256() }, algorithm: 'ES256' },
    secret: (issuer, jwksUri) => ({ issuer, jwksUri, audience: 'authenticated' }),
    options: {
      acceptClaims: ({ role }) => role === 'authenticated',
      scopeClaim: ({ app_metadata: own }) => (own as { scopes?: string[] } | undefined)?.scopes,
    },
    scopes: ['notes:read'],
  },
};

const refusal = (verifying: Promise<unknown>): Promise<unknown> =>
  verifying.then(
    () => undefined,
    ({ code }) => code,
  );

for (const [name, { token, signing, secret, options, scopes }] of Object.entries(providers))
  describe(`The token of ${name}`, () => {
    const start = async () => {
      const provider = await Provider.start(token.path);
      if (signing) provider.keys = [signing.key];
      const manager = new LoginManager<Account>(secret(provider.issuer, provider.jwksUri), null, {
        userLoader: Accounts,
        ...options,
      });
      const write = (changes: object = {}) =>
        provider.token({ ...token, ...signing, claims: { ...token.claims, ...changes } });
      return { manager, write };
    };

    afterEach(closeProviders);

    it('is accepted with its scopes', async () => {
      const { manager, write } = await start();
      expect((await manager.verify(write())).sub).to.equal(token.claims.sub);
      expect(await manager.hasScopes(write(), scopes)).to.equal(true);
      expect(await manager.hasScopes(write(), [...scopes, 'more'])).to.equal(false);
    });

    for (const [what, changes] of Object.entries(token.refused))
      it(`is not mistaken for ${what}`, async () => {
        const { manager, write } = await start();
        expect(await refusal(manager.verify(write(changes)))).to.equal('token_invalid');
      });

    it('is refused after its expiry, for another issuer, and with another signature', async () => {
      const { manager, write } = await start();
      expect(await refusal(manager.verify(write({ exp: Date.now() / 1000 - 1 })))).to.equal('token_expired');
      expect(await refusal(manager.verify(write({ iss: 'https://example.org' })))).to.equal('token_invalid');
      const [good, other] = [write(), write({ more: 1 })];
      const mixed = `${good.slice(0, good.lastIndexOf('.'))}${other.slice(other.lastIndexOf('.'))}`;
      expect(await refusal(manager.verify(mixed))).to.equal('token_invalid');
    });
  });

describe('The token of Supabase, with the shared secret', () => {
  const iss = 'https://abcdefgh.supabase.co/auth/v1';
  const options: LoginManagerOptions<Account> = {
    userLoader: Accounts,
    issuer: iss,
    audience: 'authenticated',
    acceptClaims: ({ role }) => role === 'authenticated',
    scopeClaim: ({ app_metadata: own }) => (own as { scopes?: string[] } | undefined)?.scopes,
  };
  const manager = () => new LoginManager<Account>(SECRET satisfies Secret, null, options);
  const write = (changes: object = {}) =>
    forge({ header: { alg: 'HS256', kid: 'Yb0c', typ: 'JWT' }, payload: { iss, ...supabase.claims, ...changes } });

  it('is accepted, though the secret has no name while the token has', async () => {
    expect((await manager().verify(write())).sub).to.equal(supabase.claims.sub);
    expect(await manager().hasScopes(write(), 'notes:read')).to.equal(true);
    expect(await manager().hasScopes(write(), 'notes:write')).to.equal(false);
  });

  for (const [what, changes] of Object.entries(supabase.refused))
    it(`is not mistaken for ${what}`, async () => {
      expect(await refusal(manager().verify(write(changes)))).to.equal('token_invalid');
    });

  it('is not mistaken for the public key of the project, which is a token with the same secret', async () => {
    const anon = write({ iss: 'supabase', ref: 'abcdefgh', sub: undefined, role: 'anon', aud: undefined });
    expect(await refusal(manager().verify(anon))).to.equal('token_invalid');
  });
});
