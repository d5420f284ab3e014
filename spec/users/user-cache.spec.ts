import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { subject } from '../../src/authorization/subject';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { inject, provide } from '../../src/users/inject';
import { UserCache } from '../../src/users/user-cache';
import { UserLoader } from '../../src/users/user-loader';
import { SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { nameOf } from '../support/name-of';
import { rejection, thrownBy } from '../support/rejection';

interface User {
  email: string;
  /** Which call of the loader gave it. */
  call: number;
}

/** A database whose answers are given by hand. */
class Answers {
  readonly open: { sub: unknown; give: (user: unknown) => void; fail: (error: Error) => void }[] = [];

  readonly load = (sub: unknown): Promise<User | null> =>
    new Promise((give, fail) => {
      this.open.push({ sub, give: give as (user: unknown) => void, fail });
    });
}

const clock = new TestClock();
const LIMITS = { max: 10, maxAge: 10_000 };
const context = (sub: string | number) => ({ action: undefined, payload: { sub, exp: 4e9 } });

function cacheOf(load: (sub: string | number) => unknown, limits = LIMITS) {
  const cache = new UserCache({ load: ({ payload }) => load(payload.sub) }, limits, clock.tell);
  return { cache, get: (sub: string | number) => cache.load(context(sub)) };
}

/** A loader that counts its calls. */
function counted(found: (call: number, sub: string | number) => unknown = (call) => ({ call })) {
  const calls: (string | number)[] = [];
  const load = (sub: string | number) => found(calls.push(sub), sub);
  return { calls, load };
}

describe('a cache of users', () => {
  it('loads a user once', () => {
    const { calls, load } = counted();
    const { get } = cacheOf(load);
    expect(get('ada')).to.equal(get('ada'));
    expect(get('bob')).not.to.equal(get('ada'));
    expect(calls).to.deep.equal(['ada', 'bob']);
  });

  it('stays synchronous where the loader is', () => {
    const { get } = cacheOf(counted().load);
    expect(get('ada')).to.deep.equal({ call: 1 });
    expect(get('ada')).to.deep.equal({ call: 1 });
  });

  it('is synchronous once an asynchronous loader has answered', async () => {
    const { get } = cacheOf(counted(async (call) => ({ call })).load);
    expect(get('ada')).to.be.a('promise');
    expect(await get('ada')).to.deep.equal({ call: 1 });
    expect(get('ada')).to.deep.equal({ call: 1 });
  });

  it('takes a promise that is only thenable', async () => {
    // biome-ignore lint/suspicious/noThenProperty: queries of some ORMs are such
    const { get } = cacheOf(() => ({ then: (give: (user: object) => void) => give({ call: 1 }) }));
    expect(await get('ada')).to.deep.equal({ call: 1 });
    expect(get('ada')).to.deep.equal({ call: 1 });
  });

  it('makes one call of concurrent loads of a subject', async () => {
    const database = new Answers();
    const { get } = cacheOf(database.load);
    const asked = [get('ada'), get('ada'), get('bob'), get('ada')];
    expect(database.open.map(({ sub }) => sub)).to.deep.equal(['ada', 'bob']);
    for (const { give, sub } of database.open) give({ email: sub });
    expect(await Promise.all(asked)).to.deep.equal(['ada', 'ada', 'bob', 'ada'].map((email) => ({ email })));
  });

  it('does not keep an error, and gives it to all who wait for it', async () => {
    const database = new Answers();
    const { get } = cacheOf(database.load);
    const asked = [get('ada'), get('ada')] as Promise<unknown>[];
    database.open[0]?.fail(new Error('The database is down'));
    for (const one of asked) expect(await rejection(one)).to.include({ message: 'The database is down' });
    const again = get('ada');
    database.open[1]?.give({ call: 2 });
    expect(await again).to.deep.equal({ call: 2 });
  });

  it('does not keep an error that is thrown at once', () => {
    const { get } = cacheOf(
      counted((call) => {
        if (call === 1) throw new Error('The database is down');
        return { call };
      }).load,
    );
    expect(thrownBy(() => get('ada'))).to.include({ message: 'The database is down' });
    expect(get('ada')).to.deep.equal({ call: 2 });
  });

  for (const nobody of [null, undefined, false]) {
    it(`does not keep ${nobody}: who signs up now is there now`, async () => {
      const { get } = cacheOf(counted((call) => (call === 1 ? nobody : { call })).load);
      expect(get('ada')).to.equal(nobody);
      expect(get('ada')).to.deep.equal({ call: 2 });
      const later = cacheOf(counted(async (call) => (call === 1 ? nobody : { call })).load);
      expect(await later.get('ada')).to.equal(nobody);
      expect(await later.get('ada')).to.deep.equal({ call: 2 });
    });
  }

  it('loads again after maxAge, however often the user was there', () => {
    const { calls, load } = counted();
    const { get } = cacheOf(load);
    const start = clock.now;
    for (const seconds of [0, 4, 9.999]) {
      clock.now = start + seconds * 1000;
      expect(get('ada')).to.deep.equal({ call: 1 });
    }
    clock.now = start + 10_000;
    expect(get('ada')).to.deep.equal({ call: 2 });
    expect(calls).to.have.length(2);
  });

  it('loads again where the clock was set back by more than that', () => {
    const { get } = cacheOf(counted().load);
    get('ada');
    clock.advance(-10);
    expect(get('ada')).to.deep.equal({ call: 2 });
  });

  it('keeps as many as max allows; those that were not used for longest go first', () => {
    const { calls, load } = counted();
    const { get } = cacheOf(load, { ...LIMITS, max: 2 });
    for (const sub of ['ada', 'bob', 'ada', 'cem', 'ada', 'bob']) get(sub);
    expect(calls).to.deep.equal(['ada', 'bob', 'cem', 'bob']);
  });

  it('does not take the number 7 for the text', () => {
    const { get } = cacheOf((sub) => ({ sub }));
    expect(get(7)).to.deep.equal({ sub: 7 });
    expect(get('7')).to.deep.equal({ sub: '7' });
    expect(get('07')).to.deep.equal({ sub: '07' });
  });

  it('does not mind a subject that every object has a member of', () => {
    const { get } = cacheOf((sub) => ({ sub }));
    for (const sub of ['__proto__', 'constructor', 'toString']) expect(get(sub)).to.deep.equal({ sub });
  });

  describe('that is to forget a user', () => {
    it('loads that one again, and no other', () => {
      const { calls, load } = counted();
      const { cache, get } = cacheOf(load);
      get('ada');
      get('bob');
      cache.forget('ada');
      get('ada');
      get('bob');
      expect(calls).to.deep.equal(['ada', 'bob', 'ada']);
    });

    it('does so whether the subject is given as a number or as text', () => {
      const { calls, load } = counted();
      const { cache, get } = cacheOf(load);
      for (const forgotten of [7, '7']) {
        get(7);
        get('7');
        cache.forget(forgotten);
      }
      get(7);
      expect(calls).to.deep.equal([7, '7', 7, '7', 7]);
    });

    it('does not keep what was asked for before', async () => {
      const database = new Answers();
      const { cache, get } = cacheOf(database.load);
      const before = get('ada');
      cache.forget('ada');
      const after = get('ada');
      expect(database.open).to.have.length(2);
      database.open[1]?.give({ call: 2 });
      expect(await after).to.deep.equal({ call: 2 });
      database.open[0]?.give({ call: 1 });
      expect(await before, 'who asked before gets an answer').to.deep.equal({ call: 1 });
      expect(get('ada')).to.deep.equal({ call: 2 });
    });

    it('makes no second call for those who ask later, when the first one fails', async () => {
      const database = new Answers();
      const { cache, get } = cacheOf(database.load);
      const before = get('ada') as Promise<unknown>;
      cache.forget('ada');
      const after = get('ada');
      database.open[0]?.fail(new Error('The database is down'));
      await rejection(before);
      const third = get('ada');
      expect(database.open).to.have.length(2);
      database.open[1]?.give({ call: 2 });
      expect([await after, await third]).to.deep.equal([{ call: 2 }, { call: 2 }]);
    });
  });
});

describe('the option userCache', () => {
  const managerWith = (options: LoginManagerOptions<User>) => {
    const { calls, load } = counted((call, sub) => ({ email: sub, call }));
    const manager = new LoginManager<User>(SECRET, '/login', { clock: clock.tell, ...options });
    manager.userLoader()(load as (sub: string) => User);
    const tokenOf = (sub: string) => manager.createAccessToken({ data: { sub } });
    return { manager, calls, tokenOf };
  };
  const userCache = { max: 10, maxAge: '10s' } as const;

  it('is off by default: each request loads its user', async () => {
    const { manager, calls, tokenOf } = managerWith({});
    await manager.getCurrentUser(tokenOf('ada'));
    await manager.getCurrentUser(tokenOf('ada'));
    manager.forgetUser('ada');
    expect(calls).to.deep.equal(['ada', 'ada']);
  });

  it('shares a user between requests and between tokens, for so long', async () => {
    const { manager, calls, tokenOf } = managerWith({ userCache });
    const ada = await manager.getCurrentUser(tokenOf('ada'));
    expect(await manager.getCurrentUser(manager.createAccessToken({ data: { sub: 'ada', other: 1 } }))).to.equal(ada);
    clock.advance(10);
    await manager.getCurrentUser(tokenOf('ada'));
    expect(calls).to.deep.equal(['ada', 'ada']);
  });

  it('does not share users between managers', async () => {
    const [one, other] = [managerWith({ userCache }), managerWith({ userCache })];
    await one.manager.getCurrentUser(one.tokenOf('ada'));
    await other.manager.getCurrentUser(one.tokenOf('ada'));
    expect([one.calls, other.calls]).to.deep.equal([['ada'], ['ada']]);
  });

  it('still asks scopesOf each time', async () => {
    const scopes: string[] = [];
    const { manager, tokenOf } = managerWith({ userCache, scopesOf: () => scopes });
    const answer = () => {
      const request = new IncomingMessage(new Socket());
      request.headers.authorization = `Bearer ${tokenOf('ada')}`;
      return manager.authenticate(request, 'admin');
    };
    expect(await rejection(answer())).to.include({ code: 'insufficient_scope' });
    scopes.push('admin');
    expect((await answer()).user.email).to.equal('ada');
  });

  it('forgets a user whose logins are taken back', async () => {
    const { manager, calls, tokenOf } = managerWith({ userCache, sessionStore: new MemorySessionStore() });
    const old = tokenOf('ada');
    await manager.getCurrentUser(old);
    await manager.revokeAll('ada');
    expect(await rejection(manager.getCurrentUser(old))).to.include({ code: 'token_revoked' });
    await manager.getCurrentUser(tokenOf('ada'));
    expect(calls).to.deep.equal(['ada', 'ada']);
  });

  it('does not keep the user of a refreshed login: that one is loaded', async () => {
    const { manager, calls } = managerWith({ userCache, sessionStore: new MemorySessionStore() });
    const { access_token, refresh_token } = await manager.createTokenResponse({ data: { sub: 'ada' }, refresh: true });
    await manager.getCurrentUser(access_token);
    await manager.refresh(refresh_token as string);
    expect(calls).to.deep.equal(['ada', 'ada']);
  });

  describe('with a loader that depends on the request', () => {
    const refusal = /userCache shares users between requests, .*provide/;

    it('is refused for a class, at construction', () => {
      class Alone {
        @UserLoader(provide(() => 'tenant'))
        find(email: string, _tenant: string) {
          return { email, call: 0 };
        }
      }
      class AmongOthers {
        @UserLoader({ tenant: provide(() => 'tenant') })
        find(email: string, _extra: { tenant: string }) {
          return { email, call: 0 };
        }
      }
      for (const userLoader of [Alone, AmongOthers]) {
        expect(() => new LoginManager<User>(SECRET, '/login', { userLoader, userCache })).to.throw(
          ConfigurationError,
          refusal,
        );
        expect(() => new LoginManager<User>(SECRET, '/login', { userLoader })).not.to.throw();
      }
    });

    it('is refused for a function', () => {
      const manager = new LoginManager<User>(SECRET, '/login', { userCache });
      for (const extra of [provide(() => 1), subject(() => 1), { extra: subject(() => 1) }])
        expect(() => manager.userLoader(extra)((email: string) => ({ email, call: 0 }))).to.throw(
          ConfigurationError,
          refusal,
        );
    });

    it('is not refused for what is injected', () => {
      class Database {}
      const manager = new LoginManager<User>(SECRET, '/login', { userCache });
      manager.userLoader({ db: inject(Database) })((email: string) => ({ email, call: 0 }));
    });
  });

  for (const limits of [
    {},
    { max: 10 },
    { maxAge: '10s' },
    { max: 0, maxAge: 1 },
    { max: 1.5, maxAge: 1 },
    { max: 1, maxAge: 0 },
    { max: 1, maxAge: 1, ttl: 1 },
    true,
    null,
  ]) {
    it(`is refused as ${nameOf(limits)}`, () => {
      expect(() => new LoginManager<User>(SECRET, '/login', { userCache: limits as never })).to.throw(
        ConfigurationError,
        'userCache',
      );
    });
  }
});
