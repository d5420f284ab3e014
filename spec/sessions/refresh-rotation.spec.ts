import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { InvalidGrantError, InvalidScopeError } from '../../src/errors/oauth2-error';
import { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import type { SessionStore } from '../../src/sessions/stores/session-store';
import { type Account, managerOf, SECRET } from '../support/accounts';
import { nameOf } from '../support/name-of';
import { rejection } from '../support/rejection';
import { BAD, ENDED, fateOf, GONE, type Pair, refusalOf, Sessions, USED } from '../support/sessions';
import { payloadOf } from '../support/tokens';

const data = { sub: 'ada@example.com' };

/** Answers in a later turn of the event loop, as a database does: concurrent callers meet in it. */
function remote(store: Required<Omit<SessionStore, 'check'>> = new MemorySessionStore()): SessionStore {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const inALaterTurn = async <T>(ask: () => Promise<T>): Promise<T> => {
    await turn();
    const answer = await ask();
    await turn();
    return answer;
  };
  return {
    read: (...asked) => inALaterTurn(() => store.read(...asked)),
    write: (...asked) => inALaterTurn(() => store.write(...asked)),
    age: (...asked) => inALaterTurn(() => store.age(...asked)),
    list: (...asked) => inALaterTurn(() => store.list(...asked)),
  };
}

describe('a refresh', () => {
  it('gives a new pair, whose tokens are good', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    sessions.clock.advance(60);
    const second = await sessions.refresh(first);
    expect(second).to.have.all.keys('access_token', 'token_type', 'expires_in', 'refresh_token');
    expect(second).to.include({ token_type: 'bearer', expires_in: 900 });
    expect(second.access_token).not.to.equal(first.access_token);
    expect(second.refresh_token).not.to.equal(first.refresh_token);
    expect(await sessions.manager.getCurrentUser(second.access_token)).to.include({ email: 'ada@example.com' });
    expect(await fateOf(sessions.manager, (await sessions.refresh(second)).access_token)).to.equal('let in');
  });

  it('takes no text for the scopes that the user may have, which would grant every part of it', async () => {
    for (const scopes of ['notes:read-own', undefined, [7], { 0: 'notes:read', length: 1 }]) {
      const sessions = new Sessions({ scopesOf: () => scopes as never });
      const pair = await sessions.login('ada@example.com', { scopes: ['notes:read'] });
      const error = await rejection(sessions.refresh(pair));
      expect(error).to.be.instanceOf(ConfigurationError);
      expect(error.message).to.include('scopesOf must return an array of scopes (strings)');
    }
  });

  it('leaves the access token of before alone', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    await sessions.refresh(first);
    expect(await fateOf(sessions.manager, first.access_token)).to.equal('let in');
  });

  it('goes on many times', async () => {
    const sessions = new Sessions();
    let pair = await sessions.login();
    for (let step = 0; step < 100; step++) pair = await sessions.refresh(pair);
    expect(await fateOf(sessions.manager, pair.access_token)).to.equal('let in');
  });

  it('copies the family and the time of the login, and gives each token an id of its own', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    const loginAt = sessions.clock.now;
    sessions.clock.advance(60.5);
    const second = await sessions.refresh(first);
    const tokens = [first.access_token, first.refresh_token, second.access_token, second.refresh_token];
    const claims = tokens.map(payloadOf);
    expect(new Set(claims.map(({ sid }) => sid)).size).to.equal(1);
    expect(claims.map(({ login_at }) => login_at)).to.deep.equal([loginAt, loginAt, loginAt, loginAt]);
    expect(new Set(claims.map(({ jti }) => jti)).size).to.equal(4);
    expect(payloadOf((await sessions.login()).access_token).sid).not.to.equal(claims[0]?.sid);
  });

  it('carries the data of the login over, and its lifetime', async () => {
    const sessions = new Sessions({ issuer: 'us', audience: ['a', 'b'] });
    const login = { sub: 'ada@example.com', tenant: { id: 7 }, list: [1, null], nbf: 1 };
    Object.defineProperty(login, '__proto__', { value: 'x', enumerable: true });
    let pair = await sessions.login(undefined, { data: login, expires: 90 });
    sessions.clock.advance(1);
    pair = await sessions.refresh(await sessions.refresh(pair));
    const { iat, exp, iss, aud, ...rest } = payloadOf(pair.access_token);
    expect(rest).to.deep.include(login);
    expect(Object.getOwnPropertyDescriptor(rest, '__proto__')?.value).to.equal('x');
    expect({ iss, aud }).to.deep.equal({ iss: 'us', aud: ['a', 'b'] });
    expect((exp as number) - (iat as number)).to.equal(90);
    expect(pair.expires_in).to.equal(90);
  });

  it('keeps a subject that is a number', async () => {
    const manager = new LoginManager<object>(SECRET, '/login', { sessionStore: new MemorySessionStore() });
    const seen: unknown[] = [];
    manager.userLoader()((sub: number) => seen.push(sub));
    const { refresh_token = '' } = await manager.createTokenResponse({ data: { sub: 7 }, refresh: true });
    expect(payloadOf((await manager.refresh(refresh_token)).access_token).sub).to.equal(7);
    expect(seen).to.deep.equal([7]);
  });

  it('reads what another server of the same secret and store has issued', async () => {
    const sessionStore = new MemorySessionStore();
    const [here, there] = [0, 0].map((refreshLeeway) => managerOf({ sessionStore, refreshLeeway })) as [
      LoginManager<Account>,
      LoginManager<Account>,
    ];
    const { refresh_token = '' } = await here.createTokenResponse({ data, refresh: true });
    const next = await there.refresh(refresh_token);
    expect(await fateOf(here, next.access_token)).to.equal('let in');
    expect(await refusalOf(here.refresh(refresh_token))).to.equal(USED);
    expect(await fateOf(there, next.access_token)).to.equal('token_revoked');
  });

  it('goes on after the secret was changed, with both', async () => {
    const sessionStore = new MemorySessionStore();
    const { refresh_token = '' } = await managerOf({ sessionStore }).createTokenResponse({ data, refresh: true });
    const rotated = new LoginManager(['another secret of forty bytes, for specs', SECRET], '/login', { sessionStore });
    rotated.userLoader()(() => ({}));
    const next = await rotated.refresh(refresh_token);
    expect(await refusalOf(managerOf({ sessionStore }).refresh(next.refresh_token as string))).to.equal(BAD);
  });
});

describe('the scopes of a refresh', () => {
  const scopes = ['a', 'b', 'c'];

  for (const scopeClaim of ['scopes', 'scope'] as const) {
    it(`are all that were granted, where none are asked for (claim ${scopeClaim})`, async () => {
      const sessions = new Sessions({ scopeClaim });
      const first = await sessions.login(undefined, { scopes });
      for (const asked of [undefined, []]) {
        const next = await sessions.refresh(await sessions.login(undefined, { scopes }), asked);
        expect(next.scope).to.equal('a b c');
        expect(await sessions.manager.hasScopes(next.access_token, scopes)).to.equal(true);
      }
      expect((await sessions.refresh(first)).scope).to.equal(first.scope);
    });

    it(`can be fewer, for one access token: the refresh token keeps them all (claim ${scopeClaim})`, async () => {
      const sessions = new Sessions({ scopeClaim });
      const fewer = await sessions.refresh(await sessions.login(undefined, { scopes }), ['b', 'b']);
      expect(fewer.scope).to.equal('b');
      expect(await sessions.manager.hasScopes(fewer.access_token, 'b')).to.equal(true);
      expect(await sessions.manager.hasScopes(fewer.access_token, 'a')).to.equal(false);
      expect((await sessions.refresh(fewer)).scope).to.equal('a b c'); // RFC 6749 §6
    });
  }

  for (const asked of [['d'], ['a', 'd'], ['A'], ['a b'], ['']]) {
    it(`cannot be more: ${nameOf(asked)}`, async () => {
      const sessions = new Sessions();
      const pair = await sessions.login(undefined, { scopes });
      expect(await rejection(sessions.refresh(pair, asked))).to.be.an.instanceOf(InvalidScopeError);
      expect((await sessions.refresh(pair)).scope, 'the token is not used up').to.equal('a b c');
    });
  }

  it('are none where there were none', async () => {
    const sessions = new Sessions();
    const next = await sessions.refresh(await sessions.login());
    expect(next).not.to.have.property('scope');
    expect(await rejection(sessions.refresh(next, ['a']))).to.be.an.instanceOf(InvalidScopeError);
  });
});

describe('a refresh token', () => {
  it('works for one of fifty concurrent callers', async () => {
    const sessions = new Sessions({ sessionStore: remote() });
    const pair = await sessions.login();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => sessions.refresh(pair)));
    const won = results.filter((result) => result.status === 'fulfilled');
    const lost = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    expect(won).to.have.length(1);
    for (const error of lost) expect(error).to.be.an.instanceOf(InvalidGrantError);
    const [winner] = won as [PromiseFulfilledResult<Pair>];
    const { access_token, refresh_token } = winner.value;
    expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
    expect(await refusalOf(sessions.manager.refresh(refresh_token))).to.equal(ENDED);
  });

  it('ends the whole session when it is used again: no token of the family goes on', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    const second = await sessions.refresh(first);
    const third = await sessions.refresh(second);
    const others = [await sessions.login(), await sessions.login('bob@example.com')];
    sessions.clock.advance(600);

    expect(await refusalOf(sessions.refresh(first))).to.equal(USED);
    for (const { access_token } of [first, second, third]) {
      expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
    }
    for (const pair of [first, second, third]) expect(await refusalOf(sessions.refresh(pair))).to.equal(ENDED);
    for (const other of others) {
      expect(await fateOf(sessions.manager, other.access_token)).to.equal('let in');
      await sessions.refresh(other);
    }
  });

  it('ends the session when it is used again, whatever else would have been wrong', async () => {
    const users: Record<string, unknown> = { ada: {} };
    const manager = new LoginManager<object>(SECRET, '/login', {
      sessionStore: new MemorySessionStore(),
      refreshLeeway: 0,
    });
    manager.userLoader()((sub: string) => users[sub]);
    const misuses: Record<string, (token: string) => Promise<unknown>> = {
      'more scopes': (token) => manager.refresh(token, { scopes: ['admin'] }),
      'a deleted user': (token) => {
        users.ada = null;
        return manager.refresh(token);
      },
    };
    for (const [what, misuse] of Object.entries(misuses)) {
      users.ada = {};
      const request = { data: { sub: 'ada' }, refresh: true };
      const { refresh_token = '' } = await manager.createTokenResponse(request);
      const { access_token } = await manager.refresh(refresh_token);
      expect(await refusalOf(misuse(refresh_token)), what).to.equal(USED);
      users.ada = {};
      expect((await rejection(manager.getCurrentUser(access_token))).code, what).to.equal('token_revoked');
    }
  });

  it('ends the session for as long as it could have lived', async () => {
    const sessions = new Sessions({ refreshExpiry: '10d' });
    const first = await sessions.login();
    const second = await sessions.refresh(first);
    await rejection(sessions.refresh(first));
    sessions.clock.advance(10 * 24 * 3600 - 1);
    expect(await refusalOf(sessions.refresh(second))).to.equal(ENDED);
    sessions.clock.advance(1);
    expect(await refusalOf(sessions.refresh(second))).to.equal(BAD);
  });

  it('has been used for as long as it lives', async () => {
    const sessions = new Sessions({ refreshExpiry: '10d' });
    const first = await sessions.login();
    await sessions.refresh(first);
    sessions.clock.advance(10 * 24 * 3600 - 1);
    expect(await refusalOf(sessions.refresh(first))).to.equal(USED);
  });

  for (const [what, sub] of [
    ['deleted', 'eve@example.com'],
    ['of another spelling', 'ADA@example.com'],
  ] as const) {
    it(`gives nothing where the user is ${what}, and is not used up`, async () => {
      const sessions = new Sessions();
      const pair = await sessions.login(sub);
      expect(await refusalOf(sessions.refresh(pair))).to.equal(GONE);
      expect(await refusalOf(sessions.refresh(pair))).to.equal(GONE);
    });
  }

  it('is not used up by a loader that fails, whose error is passed on', async () => {
    let down = true;
    const sessionStore = new MemorySessionStore();
    const manager = new LoginManager<object>(SECRET, '/login', { sessionStore });
    const failure = new Error('The database is down');
    manager.userLoader()(async () => {
      if (down) throw failure;
      return {};
    });
    const { refresh_token = '' } = await manager.createTokenResponse({ data, refresh: true });
    expect(await rejection(manager.refresh(refresh_token))).to.equal(failure);
    expect(await rejection(manager.refresh(refresh_token))).to.equal(failure);
    down = false;
    expect(await manager.refresh(refresh_token)).to.have.property('access_token');
  });

  it('loads the user anew, whatever was loaded before', async () => {
    let user: object | null = {};
    const manager = new LoginManager<object>(SECRET, '/login', {
      sessionStore: new MemorySessionStore(),
      userCache: { max: 10, maxAge: '1h' },
    });
    manager.userLoader()(() => user);
    const { access_token, refresh_token = '' } = await manager.createTokenResponse({ data, refresh: true });
    await manager.getCurrentUser(access_token);
    user = null;
    expect(await refusalOf(manager.refresh(refresh_token))).to.equal(GONE);
  });

  for (const [what, token] of Object.entries({
    'no text': undefined,
    'empty text': '',
    garbage: 'garbage',
    'three parts': 'a.b.c',
    'very long text': 'x'.repeat(100_000),
  })) {
    it(`is refused where it is ${what}`, async () => {
      const { manager } = new Sessions();
      const attempt = typeof token === 'string' ? manager.refresh(token) : manager.refresh(`${token}`);
      expect(await refusalOf(attempt)).to.equal(BAD);
    });
  }
});

describe('a manager without a store', () => {
  const manager = managerOf();

  it('gives no refresh token', async () => {
    const error = await rejection(manager.createTokenResponse({ data, refresh: true }));
    expect(error).to.be.an.instanceOf(ConfigurationError);
    expect(error.message).to.include('sessionStore');
  });

  it('refreshes and revokes nothing, and says what is missing', async () => {
    for (const attempt of [manager.refresh('x'), manager.revoke('x'), manager.revokeAll('ada@example.com')]) {
      const error = await rejection(attempt);
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include('MemorySessionStore');
    }
  });

  it('writes no claims of a session', async () => {
    const { access_token } = await manager.createTokenResponse({ data });
    expect(payloadOf(access_token)).to.have.all.keys('sub', 'iat', 'exp');
  });
});
