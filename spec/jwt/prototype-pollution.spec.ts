import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { parseOptions } from '../../src/manager/settings';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { p256, pem, rsa } from '../support/keys';
import { rejection, thrownBy } from '../support/rejection';
import { forge, headerOf, payloadOf } from '../support/tokens';

const clock = new TestClock();
const NOW = clock.now / 1000;
const CLAIMS = { sub: 'ada@example.com', exp: NOW + 60 };

/** Adds a property to every object while a function runs. */
async function polluted<T>(name: string, value: unknown, work: () => T | Promise<T>): Promise<T> {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}

/** `'accepted'`, or the code of the refusal. */
const verdictOf = (manager: Pick<LoginManager, 'verify'>, token: string) =>
  manager.verify(token).then(
    () => 'accepted',
    (error) => error.code,
  );

/** The cookie that a manager sets. */
function cookieOf(manager: LoginManager<Account>, token: string): unknown {
  const headers = new Map<string, unknown>();
  manager.setCookie(
    {
      setHeader: (name: string, value: unknown) => headers.set(name, value),
      getHeader: (name: string) => headers.get(name),
      writeHead: () => undefined,
    } as never,
    token,
  );
  return [headers.get('Set-Cookie')].flat()[0];
}

describe('a polluted Object.prototype', () => {
  describe('gives a token no claim:', () => {
    const granted = ['scopes', 'scope'] as const;

    for (const name of granted) {
      it(`${name}`, async () => {
        for (const scopeClaim of granted) {
          const manager = managerOf({ clock: clock.tell, scopeClaim });
          const token = forge({ payload: CLAIMS });
          const had = await polluted(name, ['admin'], () => manager.hasScopes(token, 'admin'));
          expect(had).to.equal(false);
        }
      });
    }

    const missing: [string, unknown, object][] = [
      ['sub', 'ada@example.com', { exp: NOW + 60 }],
      ['exp', NOW + 60, { sub: 'ada@example.com' }],
      ['iss', 'https://issuer.example', CLAIMS],
      ['aud', 'api', CLAIMS],
    ];

    for (const [name, value, payload] of missing) {
      it(`${name}`, async () => {
        const manager = managerOf({ clock: clock.tell, issuer: 'https://issuer.example', audience: 'api' });
        const others = { iss: 'https://issuer.example', aud: 'api', ...payload, [name]: undefined };
        const token = forge({ payload: others });
        expect(await polluted(name, value, () => verdictOf(manager, token))).to.equal('token_invalid');
      });
    }

    it('iat, which maxTokenAge asks for', async () => {
      const manager = managerOf({ clock: clock.tell, maxTokenAge: '1h' });
      expect(await polluted('iat', NOW, () => verdictOf(manager, forge({ payload: CLAIMS })))).to.equal(
        'token_invalid',
      );
    });

    it('client_id, which RFC 9068 asks for', async () => {
      const issuer = 'https://issuer.example';
      const manager = managerOf({ clock: clock.tell, issuer, audience: 'api', tokenProfile: 'at+jwt' });
      const payload = { ...CLAIMS, iss: issuer, aud: 'api', iat: NOW, jti: '1' };
      const token = forge({ header: { alg: 'HS256', typ: 'at+jwt' }, payload });
      expect(await polluted('client_id', 'web', () => verdictOf(manager, token))).to.equal('token_invalid');
      expect(
        await verdictOf(
          manager,
          forge({ header: { alg: 'HS256', typ: 'at+jwt' }, payload: { ...payload, client_id: 'web' } }),
        ),
      ).to.equal('accepted');
    });

    it('that a policy or acceptClaims would read', async () => {
      const manager = managerOf({ clock: clock.tell, acceptClaims: (payload) => payload.tenant === 'acme' });
      expect(await polluted('tenant', 'acme', () => verdictOf(manager, forge({ payload: CLAIMS })))).to.equal(
        'token_invalid',
      );
    });
  });

  describe('takes nothing from a token:', () => {
    for (const [name, value] of [
      ['aud', 'somebody else'],
      ['nbf', NOW + 1000],
      ['nbf', 'never'],
      ['iat', 'never'],
      ['crit', ['exp']],
      ['b64', false],
      ['kid', 7],
      ['typ', 'refresh+jwt'],
    ] as const) {
      it(`${name} ${JSON.stringify(value)}`, async () => {
        const token = forge({ header: { alg: 'HS256' }, payload: CLAIMS });
        const manager = managerOf({ clock: clock.tell });
        expect(await polluted(name, value, () => verdictOf(manager, token))).to.equal('accepted');
      });
    }
  });

  it('gives a header no alg', async () => {
    const token = forge({ header: { typ: 'JWT' }, payload: CLAIMS });
    expect(await polluted('alg', 'HS256', () => verdictOf(managerOf({ clock: clock.tell }), token))).to.equal(
      'token_invalid',
    );
  });

  it('gives a header no typ that the profile asks for', async () => {
    const issuer = 'https://issuer.example';
    const manager = managerOf({ clock: clock.tell, issuer, audience: 'api', tokenProfile: 'at+jwt' });
    const payload = { ...CLAIMS, iss: issuer, aud: 'api', iat: NOW, jti: '1', client_id: 'web' };
    const token = forge({ header: { alg: 'HS256' }, payload });
    expect(await polluted('typ', 'at+jwt', () => verdictOf(manager, token))).to.equal('token_invalid');
  });

  it('does not make an invalid token valid', async () => {
    const manager = managerOf({ clock: clock.tell });
    const strangers = forge({ payload: CLAIMS, key: 'the secret of somebody else, long enough' });
    for (const token of [strangers, 'no token', forge({ payload: { ...CLAIMS, exp: NOW - 1 } })])
      expect(await polluted('payload', CLAIMS, () => verdictOf(manager, token))).to.match(/^token_/);
  });

  describe('switches no option:', () => {
    for (const [name, value] of Object.entries({
      useCookie: true,
      useHeader: false,
      algorithm: 'none',
      issuer: 'https://evil.example',
      audience: 'evil',
      clock: (): number => 0,
      clockTolerance: 1e9,
      trustedOrigins: ['https://evil.example'],
      scopesOf: () => ['admin'],
      acceptClaims: (): boolean => false,
      maxTokenAge: 1,
      tokenProfile: 'at+jwt',
      userLoader: 7,
      defaultAccess: 'authenticated',
      scopes: { admin: 'All' },
      cookieName: 'evil',
      verifiedTokenCache: false,
      userCache: { max: 1, maxAge: 1 },
      refreshExpiry: 1,
      unknown: true,
    })) {
      it(`${name}`, async () => {
        const inherited = await polluted(name, value, () => ({ ...parseOptions({ sessionStore: undefined }) }));
        const plain = parseOptions({});
        for (const option of Object.keys(plain) as (keyof typeof plain)[])
          expect(inherited[option], option).to.deep.equal(plain[option]);
      });
    }

    it('an attribute of the cookie', async () => {
      for (const [name, value] of Object.entries({
        secure: false,
        sameSite: 'none',
        domain: 'evil.example',
        path: '/x',
      })) {
        const { cookie } = await polluted(name, value, () => parseOptions({ useCookie: true, cookie: {} }));
        expect({ ...cookie }, name).to.deep.equal({ ...parseOptions({ useCookie: true }).cookie });
      }
    });

    it('an attribute of a cookie that has none of its own', async () => {
      for (const [name, value] of Object.entries({ secure: false, domain: 'evil.example', path: '/x', maxAge: 1 })) {
        const { cookie } = await polluted(name, value, () => parseOptions({ useCookie: true }));
        expect({ ...cookie }, name).to.deep.equal({ ...parseOptions({ useCookie: true }).cookie });
      }
    });

    it('of setCookie(), and nothing of the cookie that is written', async () => {
      const manager = managerOf({ useCookie: true, clock: clock.tell });
      const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
      const plain = cookieOf(manager, token);
      expect(plain).to.match(/; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
      for (const [name, value] of Object.entries({
        session: true,
        domain: 'evil.example',
        priority: 'low',
        expires: 1,
      }))
        expect(await polluted(name, value, () => cookieOf(manager, token)), name).to.equal(plain);
    });

    it('of what the token endpoint issues', async () => {
      const manager = managerOf({
        useCookie: true,
        clock: clock.tell,
        sessionStore: new MemorySessionStore(clock.tell),
      });
      const action = { request: { headers: {}, method: 'POST' }, response: {} } as never;
      const issue = () => manager.issueTokens({ data: { sub: 'ada@example.com' } }, action, true);
      for (const [name, value] of Object.entries({
        expires: '20d',
        remember: false,
        refresh: true,
        scopes: ['evil'],
      })) {
        const issued = await polluted(name, value, issue);
        expect(issued, name).to.have.all.keys('access_token', 'token_type', 'expires_in');
        expect(payloadOf(issued.access_token), name).to.include({ exp: clock.now / 1000 + 900 });
        expect(payloadOf(issued.access_token), name).not.to.have.any.keys('login_remember', 'scopes');
      }
    });

    it('of a signature', async () => {
      for (const [name, value] of Object.entries({ audience: 'evil', expiresIn: 1, keyid: 'evil', issuer: 'evil' })) {
        const manager = managerOf({ clock: clock.tell });
        const token = await polluted(name, value, () =>
          manager.createAccessToken({ data: { sub: 'ada@example.com' } }),
        );
        expect([headerOf(token), payloadOf(token)], name).to.deep.equal([
          { alg: 'HS256', typ: 'JWT' },
          { sub: 'ada@example.com', iat: NOW, exp: NOW + 900 },
        ]);
      }
    });

    it('of a one-time token', async () => {
      const manager = managerOf({ clock: clock.tell });
      const request = { purpose: 'reset', sub: 'ada@example.com', expires: '1h', bind: 'a' } as const;
      const token = await polluted('data', { admin: true }, () => manager.createOneTimeToken(request));
      expect((await manager.redeem(token, 'reset', { bind: 'a' })).data).to.equal(undefined);
      const another = manager.createOneTimeToken(request);
      const error = await polluted('bind', 'a', () => rejection(manager.redeem(another, 'reset')));
      expect(error.code).to.equal('invalid_grant');
    });

    it('a limit of a cache', async () => {
      const error = await polluted('max', 5, () =>
        thrownBy(() => parseOptions({ userCache: { maxAge: '10s' } as never })),
      );
      expect(error).to.be.instanceOf(ConfigurationError);
    });
  });

  describe('makes no other key of a secret:', () => {
    for (const [name, value] of [
      ['kty', 'oct'],
      ['keys', []],
      ['privateKey', pem(p256().privateKey)],
      ['publicKey', pem(p256().publicKey)],
    ] as const) {
      it(`${name}`, async () => {
        const error = await polluted(name, value, () => thrownBy(() => new LoginManager({} as never, null)));
        expect(error.message).to.match(/The secret is missing or of an unknown form/);
      });
    }

    it('a kid, a use, key_ops or an alg of a JWK or a PEM', async () => {
      const forms = [rsa().publicKey.export({ format: 'jwk' }), { publicKey: pem(rsa().publicKey) }];
      const token = forge({ payload: CLAIMS, key: rsa().privateKey, algorithm: 'RS256' });
      for (const [name, value] of Object.entries({ kid: 'evil', use: 'enc', key_ops: [], alg: 'PS256' })) {
        for (const form of forms) {
          const manager = await polluted(
            name,
            value,
            () => new LoginManager(form, null, { algorithm: 'RS256', clock: clock.tell }),
          );
          expect(await verdictOf(manager, token), name).to.equal('accepted');
        }
      }
    });
  });

  describe('puts nothing into a new token:', () => {
    for (const [name, value] of Object.entries({ scopes: ['admin'], expires: '30d', refresh: true })) {
      it(`${name}`, async () => {
        const manager = managerOf({ clock: clock.tell });
        const request = { data: { sub: 'ada@example.com' } };
        const token = await polluted(name, value, () => manager.createAccessToken(request));
        expect(payloadOf(token)).to.deep.equal({ sub: 'ada@example.com', iat: NOW, exp: NOW + 900 });
        const response = await polluted(name, value, () => manager.createTokenResponse(request));
        expect(Object.keys(response)).to.have.members(['access_token', 'token_type', 'expires_in']);
      });
    }

    it('a subject', async () => {
      const error = await polluted('sub', 'admin', () =>
        thrownBy(() => managerOf().createAccessToken({ data: {} as never })),
      );
      expect(error).to.be.instanceOf(ConfigurationError);
    });
  });
});

describe('the payload', () => {
  it('still has the methods of an object', async () => {
    const payload = await managerOf({ clock: clock.tell }).verify(forge({ payload: CLAIMS }));
    const methods = payload as unknown as object;
    // biome-ignore lint/suspicious/noPrototypeBuiltins: that is what applications call
    expect(methods.hasOwnProperty('sub')).to.equal(true);
    // biome-ignore lint/suspicious/noPrototypeBuiltins: that is what applications call
    expect(methods.propertyIsEnumerable('sub')).to.equal(true);
    expect(`${methods}`).to.equal('[object Object]');
    expect(methods.constructor).to.equal(Object);
    expect(payload).to.deep.equal(CLAIMS);
    expect({ ...payload }).to.deep.equal(CLAIMS);
    expect(JSON.stringify(payload)).to.equal(JSON.stringify(CLAIMS));
    expect(structuredClone(payload)).to.deep.equal(CLAIMS);
    expect(Object.keys(payload)).to.deep.equal(Object.keys(CLAIMS));
  });

  it('may have claims that are called as those methods', async () => {
    const claims = { ...CLAIMS, constructor: 'a', toString: 'b', hasOwnProperty: 'c' };
    const payload = await managerOf({ clock: clock.tell }).verify(forge({ payload: claims }));
    expect(Object.entries(payload)).to.deep.equal(Object.entries(claims));
  });

  it('of a header does not choose a prototype', async () => {
    const token = forge({ header: '{"alg":"HS256","__proto__":{"typ":"refresh+jwt"}}', payload: CLAIMS });
    expect(headerOf(token)).to.have.property('alg', 'HS256');
    expect(await managerOf({ clock: clock.tell }).verify(token)).to.include({ sub: CLAIMS.sub });
    expect((await rejection(managerOf({ clock: clock.tell }).verify(`${token}x`))).code).to.equal('token_invalid');
  });
});

describe('a secret', () => {
  it('may be an object whose prototype is null', async () => {
    const jwk = Object.assign(Object.create(null), { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') });
    expect(await new LoginManager(jwk, null, { clock: clock.tell }).verify(forge({ payload: CLAIMS }))).to.include({
      sub: CLAIMS.sub,
    });
  });
});
