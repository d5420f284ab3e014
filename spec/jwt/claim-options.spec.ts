import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { findMissingClaim, parseProfile } from '../../src/jwt/claims/token-profile';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { guardedRoute } from '../support/guarded-route';
import { rejection, thrownBy } from '../support/rejection';
import { forge, headerOf, payloadOf } from '../support/tokens';
import { refusingUnhandledRejections } from '../support/unhandled';

const clock = new TestClock();
const NOW = clock.now / 1000;
const CLAIMS = { sub: 'ada@example.com', exp: NOW + 3600 };

/** `'accepted'`, or the code of the refusal. */
async function verdictOf(options: LoginManagerOptions<Account>, token: string): Promise<string> {
  const manager = managerOf({ clock: clock.tell, ...options });
  return manager.verify(token).then(
    () => 'accepted',
    (error) => error.code ?? error.message,
  );
}

afterEach(() => {
  clock.now = NOW * 1000;
});

describe('the option acceptClaims', () => {
  refusingUnhandledRejections();

  const acceptClaims = (payload: Record<string, unknown>) => payload.tenant === 'acme';

  it('accepts a token for true, and refuses it for false', async () => {
    expect(await verdictOf({ acceptClaims }, forge({ payload: { ...CLAIMS, tenant: 'acme' } }))).to.equal('accepted');
    for (const tenant of ['other', undefined, null])
      expect(await verdictOf({ acceptClaims }, forge({ payload: { ...CLAIMS, tenant } }))).to.equal('token_invalid');
  });

  it('is not asked about a token that is refused anyway', async () => {
    const asked: unknown[] = [];
    const options = { acceptClaims: (payload: unknown) => asked.push(payload) > 0 };
    for (const token of [
      forge({ payload: CLAIMS, key: 'the secret of somebody else, long enough' }),
      forge({ payload: { ...CLAIMS, exp: NOW - 1 } }),
      forge({ payload: { ...CLAIMS, aud: 'other' } }),
    ])
      expect(await verdictOf(options, token)).to.match(/^token_/);
    expect(asked).to.deep.equal([]);
  });

  it('is asked once about a token that is cached, and each time about one that is refused', async () => {
    let asked = 0;
    const manager = managerOf({
      clock: clock.tell,
      acceptClaims: (payload) => {
        asked++;
        return payload.tenant === 'acme';
      },
    });
    const good = forge({ payload: { ...CLAIMS, tenant: 'acme' } });
    for (let index = 0; index < 3; index++) await manager.verify(good);
    expect(asked).to.equal(1);
    const bad = forge({ payload: CLAIMS });
    for (let index = 0; index < 3; index++) await rejection(manager.verify(bad));
    expect(asked).to.equal(4);
  });

  it('gets claims that nobody can change', async () => {
    const acceptFrozen = (payload: object) => Object.isFrozen(payload);
    expect(await verdictOf({ acceptClaims: acceptFrozen }, forge({ payload: CLAIMS }))).to.equal('accepted');
  });

  const noBoolean: Record<string, () => unknown> = {
    undefined: () => undefined,
    null: () => null,
    1: () => 1,
    "'true'": () => 'true',
    'a promise of true': async () => true,
    'a promise that rejects': () => Promise.reject(),
    'an object': () => ({}),
  };

  for (const [what, answer] of Object.entries(noBoolean)) {
    it(`lets nobody in that returns ${what}`, async () => {
      const manager = managerOf({ clock: clock.tell, acceptClaims: answer as () => boolean });
      for (let index = 0; index < 2; index++) {
        const error = await rejection(manager.verify(forge({ payload: CLAIMS })));
        expect(error).to.be.instanceOf(ConfigurationError);
        expect(error.message).to.include('acceptClaims did not return a boolean; return true or false, not a promise');
      }
    });
  }

  it('throws its own error, and an Error for anything else', async () => {
    const own = new Error('own');
    for (const reason of [own, undefined, null, 0, '', false, 'route', Symbol('s')]) {
      const manager = managerOf({
        clock: clock.tell,
        acceptClaims: () => {
          throw reason;
        },
      });
      const error = await rejection(manager.verify(forge({ payload: CLAIMS })));
      expect(error).to.be.instanceOf(Error);
      if (reason === own) expect(error).to.equal(own);
      else expect(error).to.include({ message: 'acceptClaims threw something that is not an Error', cause: reason });
    }
  });

  it('is not asked about refresh tokens', async () => {
    const manager = managerOf({ clock: clock.tell, acceptClaims, sessionStore: new MemorySessionStore(clock.tell) });
    const data = { sub: 'ada@example.com', tenant: 'acme' };
    const { refresh_token: token } = await manager.createTokenResponse({ data, refresh: true });
    const { access_token: renewed } = await manager.refresh(token as string);
    expect(await manager.verify(renewed)).to.include({ tenant: 'acme' });
  });
});

describe('the option maxTokenAge', () => {
  const options = { maxTokenAge: '10m' };

  it('accepts a token up to its age, whatever its exp', async () => {
    const manager = managerOf({ clock: clock.tell, ...options });
    const token = forge({ payload: { ...CLAIMS, iat: NOW } });
    clock.advance(599.999);
    expect(await manager.verify(token)).to.include({ sub: CLAIMS.sub });
    clock.advance(0.001);
    expect((await rejection(manager.verify(token))).code, 'from the cache').to.equal('token_expired');
    expect(await verdictOf(options, token), 'verified anew').to.equal('token_expired');
  });

  it('does not prolong exp', async () => {
    expect(await verdictOf(options, forge({ payload: { ...CLAIMS, iat: NOW, exp: NOW } }))).to.equal('token_expired');
  });

  it('refuses a token without iat, and one that comes from the future', async () => {
    for (const iat of [undefined, NOW + 0.001, NOW + 600, 4e18])
      expect(await verdictOf(options, forge({ payload: { ...CLAIMS, iat } })), `${iat}`).to.equal('token_invalid');
  });

  it('holds to the tolerance at both ends', async () => {
    const tolerant = { ...options, clockTolerance: 10 };
    for (const [iat, expected] of [
      [NOW + 10, 'accepted'],
      [NOW + 10.001, 'token_invalid'],
      [NOW - 609.999, 'accepted'],
      [NOW - 610, 'token_expired'],
    ] as const)
      expect(await verdictOf(tolerant, forge({ payload: { ...CLAIMS, iat } })), `${iat - NOW}`).to.equal(expected);
  });

  it('leaves refresh tokens alone', async () => {
    const manager = managerOf({ clock: clock.tell, ...options, sessionStore: new MemorySessionStore(clock.tell) });
    const { refresh_token: token } = await manager.createTokenResponse({ data: { sub: CLAIMS.sub }, refresh: true });
    clock.advance(86_400);
    expect(await manager.refresh(token as string)).to.have.property('access_token');
  });
});

describe("the option tokenProfile, 'at+jwt'", () => {
  const ISSUER = 'https://issuer.example';
  const profile = { clock: clock.tell, issuer: ISSUER, audience: 'api', tokenProfile: 'at+jwt' } as const;
  const good = { ...CLAIMS, iss: ISSUER, aud: 'api', iat: NOW, jti: 'id-1', client_id: 'web' };
  const send = guardedRoute(() => managerOf(profile));
  const verdict = (claims: object, header: object = { typ: 'at+jwt' }) =>
    send(forge({ header: { alg: 'HS256', ...header }, payload: { ...good, ...claims } }));

  it('§4: lets a complete token in', async () => {
    expect(await verdict({})).to.equal('let in');
  });

  for (const claim of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) {
    it(`§2.2: requires ${claim}`, async () => {
      for (const value of [undefined, null, '', [], {}, true])
        expect(await verdict({ [claim]: value }), JSON.stringify(value)).to.equal('401 token_invalid');
    });
  }

  it('§2.2: requires strings for iss, sub, client_id and jti', async () => {
    for (const claim of ['iss', 'sub', 'client_id', 'jti'])
      expect(await verdict({ [claim]: 7 }), claim).to.equal('401 token_invalid');
  });

  it('does not hold refresh tokens and one-time tokens to it', async () => {
    const manager = managerOf({ ...profile, sessionStore: new MemorySessionStore(clock.tell) });
    const data = { sub: 'ada@example.com', client_id: 'web' };
    const { refresh_token = '' } = await manager.createTokenResponse({ data, refresh: true });
    expect(await manager.refresh(refresh_token)).to.have.property('access_token');
    const token = await manager.createOneTimeToken({ sub: 'ada@example.com', purpose: 'reset', expires: '5m' });
    expect(await manager.redeem(token, 'reset')).to.include({ sub: 'ada@example.com' });
  });

  for (const typ of ['at+jwt', 'application/at+jwt', 'AT+JWT', 'Application/At+Jwt']) {
    it(`§4: accepts the typ ${typ}`, async () => {
      expect(await verdict({}, { typ })).to.equal('let in');
    });
  }

  for (const typ of [undefined, 'JWT', 'application/jwt', 'at', 'at+jwt ', 'refresh+jwt', null]) {
    it(`§4: refuses the typ ${typ}`, async () => {
      expect(await verdict({}, { typ })).to.equal('401 token_invalid');
    });
  }

  it('makes tokens that it accepts', async () => {
    const manager = managerOf(profile);
    const token = manager.createAccessToken({ data: { sub: 'ada@example.com', client_id: 'web' } });
    expect(headerOf(token)).to.deep.equal({ alg: 'HS256', typ: 'at+jwt' });
    expect(payloadOf(token)).to.include.all.keys('iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti');
    expect(await manager.verify(token)).to.include({ client_id: 'web' });
  });

  it('makes tokens with the id of the session, and refreshes them', async () => {
    const manager = managerOf({ ...profile, sessionStore: new MemorySessionStore(clock.tell) });
    const data = { sub: 'ada@example.com', client_id: 'web' };
    const { refresh_token: token } = await manager.createTokenResponse({ data, refresh: true });
    const { access_token: renewed } = await manager.refresh(token as string);
    expect(await manager.verify(renewed)).to.include({ client_id: 'web' });
  });

  it('makes no token without client_id, or with a sub that is a number', () => {
    const manager = managerOf(profile);
    for (const data of [{ sub: 'ada' }, { sub: 'ada', client_id: 7 }, { sub: 'ada', client_id: '' }])
      expect(() => manager.createAccessToken({ data })).to.throw(
        ConfigurationError,
        /lacks the claim 'client_id' .*; put it into data as a string/,
      );
    expect(() => manager.createAccessToken({ data: { sub: 7, client_id: 'web' } })).to.throw(
      ConfigurationError,
      /lacks the claim 'sub'/,
    );
  });

  it('has an audience that is a name, or several', () => {
    for (const audience of ['', [], [''], ['api', ''], 7, {}])
      expect(() => managerOf({ audience } as never), JSON.stringify(audience)).to.throw(
        ConfigurationError,
        /^audience must be a non-empty string, or a non-empty array of them\n.*#issuers$/,
      );
  });

  it('needs the options issuer and audience', () => {
    for (const options of [{ issuer: ISSUER }, { audience: 'api' }, {}])
      expect(() => managerOf({ ...options, tokenProfile: 'at+jwt' })).to.throw(
        ConfigurationError,
        /tokenProfile 'at\+jwt' requires .*; set the options issuer and audience/,
      );
  });
});

describe('the claims that RFC 9068 §2.2 requires', () => {
  const complete = { iss: 'i', sub: 's', client_id: 'c', jti: 'j', exp: 1, iat: 1, aud: 'api' };

  it('are all there, or the first that is not is named', () => {
    expect(findMissingClaim(complete)).to.equal(undefined);
    for (const claim of Object.keys(complete))
      expect(findMissingClaim({ ...complete, [claim]: undefined })).to.equal(claim);
  });

  it('have an audience if one of several is a name', () => {
    for (const aud of ['api', ['api'], ['', 'api'], [7, 'api']])
      expect(findMissingClaim({ ...complete, aud }), JSON.stringify(aud)).to.equal(undefined);
    for (const aud of ['', [], [''], 7, [7], null, {}])
      expect(findMissingClaim({ ...complete, aud }), JSON.stringify(aud)).to.equal('aud');
  });

  it('are asked for by one name alone', () => {
    expect(parseProfile('at+jwt')).to.equal('at+jwt');
    expect(parseProfile(undefined)).to.equal(undefined);
    for (const value of ['jwt', '', null, true, 'AT+JWT'])
      expect(() => parseProfile(value), `${value}`).to.throw(
        ConfigurationError,
        'tokenProfile must be one of "at+jwt"',
      );
  });
});

describe('a request for a token', () => {
  const manager = managerOf({
    clock: clock.tell,
    scopes: { 'notes:read': 'Read notes', 'notes:write': 'Write notes' },
  });
  const data = { sub: 'ada@example.com' };

  const unknown: [object, RegExp][] = [
    [{ data, expiresIn: '1h' }, /has no 'expiresIn'; remove or rename it\. Did you mean "expires"\?/],
    [{ data, scope: 'notes:read' }, /has no 'scope'.* Did you mean "scopes"\?/],
    [{ data, Scopes: [] }, /has no 'Scopes'.* Did you mean "scopes"\?/],
    [{ data, exp: 1 }, /has no 'exp'/],
    [{ data, refreshToken: true }, /has no 'refreshToken'/],
    [{ data, expiresIn: undefined }, /has no 'expiresIn'/],
  ];

  for (const [request, message] of unknown) {
    it(`is refused with ${Object.keys(request)[1]}${Object.values(request)[1] === undefined ? ' that is undefined' : ''}`, async () => {
      expect(() => manager.createAccessToken(request as never)).to.throw(ConfigurationError, message);
      const error = await rejection(manager.createTokenResponse(request as never));
      expect(error).to.be.instanceOf(ConfigurationError);
      expect(error.message).to.match(message);
    });
  }

  it('is refused with refresh for an access token alone', () => {
    expect(() => manager.createAccessToken({ data, refresh: true } as never)).to.throw(
      ConfigurationError,
      /createAccessToken\(\) has no 'refresh'/,
    );
  });

  it('is refused with a scope that is not declared', async () => {
    for (const [scopes, suggestion] of [
      [['notes:raed'], ' Did you mean "notes:read"?'],
      [['notes:read', 'admin'], ''],
      [['__proto__'], ''],
      [['toString'], ''],
    ] as const) {
      const message = `which the option scopes does not declare; declare it or correct it.${suggestion}`;
      expect(() => manager.createAccessToken({ data, scopes })).to.throw(ConfigurationError, message);
      expect((await rejection(manager.createTokenResponse({ data, scopes }))).message).to.include(message);
    }
    expect(manager.createAccessToken({ data, scopes: ['notes:read', 'notes:write'] })).to.be.a('string');
  });

  it('may have any scope where none is declared', () => {
    expect(payloadOf(managerOf().createAccessToken({ data, scopes: ['admin'] })).scopes).to.deep.equal(['admin']);
  });

  for (const request of [undefined, null, 'ada', 7]) {
    it(`cannot be ${request}`, () => {
      expect(thrownBy(() => manager.createAccessToken(request as never)).message).to.match(
        /createAccessToken\(\) was given no object; pass one such as/,
      );
    });
  }
});
