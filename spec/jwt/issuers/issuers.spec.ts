import { expect } from 'chai';
import express from 'express';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { IssuerOptions, Issuers } from '../../../src/jwt/issuers/issuer-options';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, managerOf, SECRET } from '../../support/accounts';
import { otherRsa } from '../../support/keys';
import { closeProviders, Provider } from '../../support/provider';
import { closeServers, listen } from '../../support/servers';
import { forge } from '../../support/tokens';
import { CountingLoader } from './counting-loader';

const codeOf = (verifying: Promise<unknown>): Promise<string> =>
  verifying.then(
    () => 'accepted',
    ({ code, cause }) => (code === 'token_invalid' ? cause : code),
  );

describe('Issuers beside an own secret', () => {
  let provider: Provider;

  beforeEach(async () => {
    provider = await Provider.start();
  });

  afterEach(closeProviders);

  const withIssuers = (options: LoginManagerOptions<Account> = {}) =>
    managerOf({ issuers: [{ issuer: provider.issuer, audience: 'api' }], ...options });

  it('have their tokens accepted, and so are the own ones', async () => {
    const manager = withIssuers();
    await manager.verify(provider.token());
    await manager.verify(manager.createAccessToken({ data: { sub: 'ada@example.com' } }));
  });

  it('leave a token without iss to the own key, which never verifies one of theirs', async () => {
    const manager = withIssuers();
    expect(await codeOf(manager.verify(provider.token({ claims: { iss: undefined } })))).to.equal('algorithm');
    expect(await codeOf(manager.verify(forge({ payload: { iss: provider.issuer, sub: 'a', exp: 4e9 } })))).to.equal(
      'algorithm',
    );
    expect(provider.requests).to.deep.equal([]);
  });

  const foreign: Record<string, (issuer: string) => unknown> = {
    'of another issuer': () => 'https://example.org',
    'that begins as theirs': (issuer) => `${issuer}.example.org`,
    'that is the beginning of theirs': (issuer) => issuer.slice(0, -1),
    'with a slash behind theirs': (issuer) => `${issuer}/`,
    'in an array': (issuer) => [issuer],
    'that is empty': () => '',
    'that is null': () => null,
    'of Object.prototype': () => 'constructor',
  };

  for (const [name, iss] of Object.entries(foreign))
    it(`refuse an iss ${name}`, async () => {
      const manager = withIssuers();
      const claims = { iss: iss(provider.issuer) };
      expect(await codeOf(manager.verify(provider.token({ claims })))).to.equal('issuer');
      expect(await codeOf(manager.verify(forge({ payload: { ...claims, sub: 'a', exp: 4e9 } })))).to.equal('issuer');
    });

  it('do not hinder own tokens with the iss of the option issuer', async () => {
    const manager = withIssuers({ issuer: 'https://own.example.com' });
    await manager.verify(manager.createAccessToken({ data: { sub: 'ada@example.com' } }));
  });

  const audiences: Record<string, [audience: IssuerOptions['audience'], aud: unknown, result: string]> = {
    'the one configured': ['api', 'api', 'accepted'],
    'one of several configured': [['x', 'api'], ['y', 'api'], 'accepted'],
    'another one': ['api', 'other', 'audience'],
    'none, where one is configured': ['api', undefined, 'audience'],
    'none, where null says so': [null, undefined, 'accepted'],
    'any, where null says there is none': [null, 'client', 'audience'],
  };

  for (const [name, [audience, aud, result]] of Object.entries(audiences))
    it(`hold their tokens to their own audience: ${name}`, async () => {
      const manager = managerOf({ issuers: [{ issuer: provider.issuer, audience } as IssuerOptions] });
      expect(await codeOf(manager.verify(provider.token({ claims: { aud } })))).to.equal(result);
    });

  it('are held to the audience of the manager without one of their own', async () => {
    const manager = managerOf({ audience: 'api', issuers: [{ issuer: provider.issuer }] });
    expect(await codeOf(manager.verify(provider.token()))).to.equal('accepted');
    expect(await codeOf(manager.verify(provider.token({ claims: { aud: 'x' } })))).to.equal('audience');
  });

  it('never verify refresh and one-time tokens', async () => {
    const manager = withIssuers({ sessionStore: new MemorySessionStore() });
    const token = provider.token({ header: { typ: 'refresh+jwt' }, claims: { sid: 'a.b', login_at: 1 } });
    expect(await codeOf(manager.refresh(token))).to.equal('invalid_grant');
  });

  it('have their expired tokens refused, remembered ones too', async () => {
    let now = 1_900_000_000_000;
    const manager = withIssuers({ clock: () => now });
    const token = provider.token({ claims: { exp: 1_900_000_060 } });
    expect(await codeOf(manager.verify(token))).to.equal('accepted');
    now += 61_000;
    expect(await codeOf(manager.verify(token))).to.equal('token_expired');
  });

  it('have their tokens held to acceptClaims', async () => {
    const manager = withIssuers({ acceptClaims: ({ token_use: use }) => use === 'access' });
    expect(await codeOf(manager.verify(provider.token()))).to.equal('acceptClaims');
    expect(await codeOf(manager.verify(provider.token({ claims: { token_use: 'access' } })))).to.equal('accepted');
  });

  it('cannot have a token put into a cookie before its keys are known', async () => {
    const manager = withIssuers({ useCookie: true });
    const token = provider.token();
    expect(() => manager.setCookie({ setHeader() {}, getHeader() {} } as never, token)).to.throw(
      ConfigurationError,
      /await verify\(token\)/,
    );
    await manager.verify(token);
  });

  describe('given by a function', () => {
    const asking = (answer: (iss: string) => IssuerOptions | undefined) => {
      const asked: string[] = [];
      const issuers: Issuers = (iss) => {
        asked.push(iss);
        return answer(iss);
      };
      return { asked, manager: managerOf({ issuers }) };
    };

    it('are asked for once each', async () => {
      const { asked, manager } = asking((issuer) => ({ issuer, audience: 'api' }));
      for (let n = 0; n < 3; n++) await manager.verify(provider.token({ claims: { n } }));
      expect(asked).to.deep.equal([provider.issuer]);
      expect(provider.fetches).to.equal(1);
    });

    it('are asked for once each if they are not accepted', async () => {
      const { asked, manager } = asking(() => undefined);
      for (let n = 0; n < 3; n++) expect(await codeOf(manager.verify(provider.token()))).to.equal('issuer');
      expect(asked).to.deep.equal([provider.issuer]);
    });

    it('are bounded, so that made-up ones do not fill the memory or push others out', async () => {
      const { asked, manager } = asking((issuer) =>
        issuer === provider.issuer ? { issuer, audience: 'api' } : undefined,
      );
      await manager.verify(provider.token());
      for (let n = 0; n < 3000; n++)
        await codeOf(manager.verify(forge({ payload: { iss: `https://x/${n}`, sub: 'a', exp: 4e9 } })));
      await manager.verify(provider.token({ claims: { again: true } }));
      expect(asked.filter((iss) => iss === provider.issuer)).to.have.length(1);
      expect(provider.fetches).to.equal(1);
    });

    const mistakes: Record<string, (iss: string) => unknown> = {
      'another issuer': () => ({ issuer: 'https://example.org', audience: 'api' }),
      'a promise': async () => undefined,
      'no audience': (issuer) => ({ issuer }),
      introspection: (issuer) => ({
        issuer,
        audience: 'api',
        introspection: { url: 'https://example.org', clientId: 'a', clientSecret: 'b' },
      }),
    };

    for (const [name, answer] of Object.entries(mistakes))
      it(`are a mistake with ${name}`, async () => {
        const { manager } = asking(answer as never);
        const error = await manager.verify(provider.token()).catch((reason) => reason);
        expect(error).to.be.instanceOf(ConfigurationError);
      });
  });

  describe('with equal subjects', () => {
    let other: Provider;

    const twoIssuers = (options: LoginManagerOptions<Account> = {}) => {
      const issuers = [provider, other].map(({ issuer }) => ({ issuer, audience: 'api' }));
      return managerOf({ issuers, ...options });
    };

    beforeEach(async () => {
      other = await Provider.start();
      other.keys = [{ kid: 'first', pair: otherRsa() }];
    });

    it('do not verify each other’s tokens', async () => {
      const token = provider.token({ claims: { iss: other.issuer } });
      expect(await codeOf(twoIssuers().verify(token))).to.equal('signature');
    });

    for (const [name, create] of Object.entries({
      'beside an own secret': () => twoIssuers(),
      'one of which is the secret': () =>
        new LoginManager<Account>({ issuer: provider.issuer, audience: 'api' }, null, {
          issuers: [{ issuer: other.issuer, audience: 'api' }],
        }),
      'of which a function knows one': () =>
        new LoginManager<Account>({ issuer: provider.issuer, audience: 'api' }, null, {
          issuers: (issuer) => ({ issuer, audience: 'api' }),
        }),
      'of which one is known by its keys alone': () =>
        new LoginManager<Account>({ jwksUri: provider.jwksUri }, null, {
          issuer: provider.issuer,
          audience: 'api',
          issuers: [{ issuer: other.issuer }],
        }),
    }))
      it(`accept a token if and only if its iss and its key are of one issuer, ${name}`, async () => {
        const manager = create();
        for (const signer of [provider, other])
          for (const named of [provider, other]) {
            const result = await codeOf(manager.verify(signer.token({ claims: { iss: named.issuer } })));
            expect(result === 'accepted').to.equal(signer === named);
          }
        for (const iss of [undefined, null, '', `${provider.issuer}/`, [other.issuer], 'http://127.0.0.1:1'])
          for (const signer of [provider, other])
            expect(await codeOf(manager.verify(signer.token({ claims: { iss } })))).not.to.equal('accepted');
      });

    it('never share a user of the cache', async () => {
      CountingLoader.loads = 0;
      const cached = new LoginManager<object>(SECRET, '/login', {
        userLoader: CountingLoader,
        userCache: { max: 10, maxAge: '1m' },
        issuers: [provider, other].map(({ issuer }) => ({ issuer, audience: 'api' })),
      });
      const own = cached.createAccessToken({ data: { sub: 'ada@example.com' } });
      const users = async () => {
        const tokens = [own, provider.token(), other.token()];
        return Promise.all(tokens.map((token) => cached.getCurrentUser(token)));
      };
      const first = await users();
      expect(new Set(first).size).to.equal(3);
      expect(await users()).to.deep.equal(first);
      expect(CountingLoader.loads).to.equal(3);
      cached.forgetUser('ada@example.com');
      await users();
      expect(CountingLoader.loads).to.equal(6);
    });

    it('never share a revocation', async () => {
      const manager = twoIssuers({ sessionStore: new MemorySessionStore() });
      const claims = { jti: 'same', iat: 1_700_000_000 };
      const ours = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
      await manager.revoke(provider.token({ claims: { ...claims, iat: Math.floor(Date.now() / 1000) } }));
      const now = { ...claims, iat: Math.floor(Date.now() / 1000) };
      expect(await codeOf(manager.verify(provider.token({ claims: now })))).to.equal('token_revoked');
      expect(await codeOf(manager.verify(other.token({ claims: now })))).to.equal('accepted');
      await manager.revokeAll('ada@example.com');
      expect(await codeOf(manager.verify(other.token({ claims: now })))).to.equal('accepted');
      expect(await codeOf(manager.verify(ours))).to.equal('token_revoked');
    });

    it('are not listed among the sessions of the manager’s own subject', async () => {
      const manager = twoIssuers({ sessionStore: new MemorySessionStore() });
      await manager.createTokenResponse({ data: { sub: 'ada@example.com' }, refresh: true });
      const iat = Math.floor(Date.now() / 1000);
      await manager.verify(provider.token({ claims: { iat, sid: 'of the provider' } }));
      expect(await manager.sessions('ada@example.com')).to.have.length(1);
    });

    it('are own subjects with the issuer that is the secret, whose tokens revokeAll refuses', async () => {
      const manager = new LoginManager<Account>({ issuer: provider.issuer, audience: 'api' }, null, {
        userLoader: Accounts,
        issuers: [{ issuer: other.issuer, audience: 'api' }],
        sessionStore: new MemorySessionStore(),
      });
      const iat = Math.floor(Date.now() / 1000) - 1;
      const [own, foreign] = [provider, other].map((one) => one.token({ claims: { iat } }));
      const bob = provider.token({ claims: { iat, sub: 'bob@example.com' } });
      await manager.revokeAll('ada@example.com');
      expect(await codeOf(manager.verify(own as string))).to.equal('token_revoked');
      expect(await codeOf(manager.verify(foreign as string))).to.equal('accepted');
      expect(await codeOf(manager.verify(bob))).to.equal('accepted');
      const later = provider.token({ claims: { iat: iat + 5 } });
      expect(await codeOf(manager.verify(later))).to.equal('accepted');
    });

    it('never share the subject of an opaque token with that of a JWT', async () => {
      const { url } = await listen(
        express().post('/', (_request, response) => {
          response.json({ active: true, sub: 'ada@example.com', jti: 'same', iat: Math.floor(Date.now() / 1000) });
        }),
      );
      const introspection = { url, clientId: 'api', clientSecret: 'secret' };
      const manager = managerOf({
        sessionStore: new MemorySessionStore(),
        issuers: [
          { issuer: provider.issuer, audience: 'api' },
          { issuer: other.issuer, audience: 'api', introspection },
        ],
      });
      const jwt = provider.token({ claims: { jti: 'same', iat: Math.floor(Date.now() / 1000) } });
      await manager.revoke('an-opaque-token');
      expect(await codeOf(manager.verify('an-opaque-token'))).to.equal('token_revoked');
      expect(await codeOf(manager.verify(jwt))).to.equal('accepted');
      closeServers();
    });

    it('never name a session of the manager’s own', async () => {
      const manager = twoIssuers({ sessionStore: new MemorySessionStore() });
      const response = await manager.createTokenResponse({ data: { sub: 'ada@example.com' }, refresh: true });
      const { sid, login_at } = await manager.verify(response.access_token);
      const iat = Math.floor(Date.now() / 1000);
      const token = provider.token({ claims: { sid, login_at, iat } });
      const { session } = await manager.authenticate({ headers: { authorization: `Bearer ${token}` } } as never);
      expect(session).to.equal(undefined);
      await manager.revoke(token);
      expect(await codeOf(manager.verify(response.access_token))).to.equal('accepted');
    });
  });

  describe('and the securityStamp of own logins', () => {
    it('let a token in, which has no stamp', async () => {
      const manager = withIssuers({ securityStamp: () => 'v1' });
      const token = provider.token();
      expect(await manager.getCurrentUser(token)).to.include({ email: 'ada@example.com' });
    });
  });
});
