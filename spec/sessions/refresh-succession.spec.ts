import { mock } from 'node:test';
import { expect } from 'chai';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { rejection } from '../support/rejection';
import { ENDED, fateOf, type Pair, refusalOf, Sessions, USED } from '../support/sessions';
import { failures, MoodyStore } from '../support/stores';
import { payloadOf } from '../support/tokens';

const data = { sub: 'ada@example.com' };
const ada = { data, refresh: true };

/** Managers of several servers that share a store and a clock. */
function servers(count: number, options: LoginManagerOptions<Account> = {}) {
  const clock = new TestClock();
  const sessionStore = new MemorySessionStore(clock.tell);
  const managers = Array.from({ length: count }, () => managerOf({ sessionStore, clock: clock.tell, ...options }));
  return { clock, sessionStore, managers: managers as [LoginManager<Account>, LoginManager<Account>] };
}

describe('the successor of a refresh token', () => {
  it('is the same within the leeway, whoever asks', async () => {
    const { clock, managers } = servers(2);
    const [one, other] = managers;
    const { refresh_token = '' } = await one.createTokenResponse(ada);
    const first = await one.refresh(refresh_token);
    clock.advance(29.999);
    const second = await other.refresh(refresh_token);
    expect(second.refresh_token).to.equal(first.refresh_token);
    expect(payloadOf(second.refresh_token as string)).to.deep.equal(payloadOf(first.refresh_token as string));
  });

  it('comes with an access token of its own each time', async () => {
    const sessions = new Sessions({ refreshLeeway: '30s' });
    const login = await sessions.login();
    const pairs = [await sessions.refresh(login), await sessions.refresh(login)];
    expect(new Set(pairs.map(({ access_token }) => payloadOf(access_token).jti)).size).to.equal(2);
    for (const { access_token } of pairs) expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
  });

  it('is one for fifty concurrent callers on two servers', async () => {
    const { managers } = servers(2);
    const { refresh_token = '' } = await managers[0].createTokenResponse(ada);
    const pairs = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (managers[index % 2] as LoginManager<Account>).refresh(refresh_token)),
    );
    expect(new Set(pairs.map((pair) => pair.refresh_token)).size).to.equal(1);
  });

  it('has the end of the session, however often the session is refreshed', async () => {
    const sessions = new Sessions({ refreshExpiry: '1h' });
    let pair = await sessions.login();
    const { exp } = payloadOf(pair.refresh_token);
    for (let time = 0; time < 5; time++) {
      sessions.clock.advance(600);
      pair = await sessions.refresh(pair);
      expect(payloadOf(pair.refresh_token).exp).to.equal(exp);
    }
  });

  it('ends with the session when the token is used later than the leeway', async () => {
    const { clock, managers } = servers(2);
    const { refresh_token = '', access_token } = await managers[0].createTokenResponse(ada);
    const next = (await managers[0].refresh(refresh_token)) as Pair;
    clock.advance(30);
    expect(await refusalOf(managers[1].refresh(refresh_token))).to.equal(USED);
    expect(await refusalOf(managers[0].refresh(next.refresh_token))).to.equal(ENDED);
    for (const token of [access_token, next.access_token])
      expect(await fateOf(managers[0], token)).to.equal('token_revoked');
  });

  it('is given again within the leeway though it has been used itself: three tabs are not in step', async () => {
    const sessions = new Sessions({ refreshLeeway: '30s' });
    const first = await sessions.login();
    const second = await sessions.refresh(first);
    const third = await sessions.refresh(second);
    expect((await sessions.refresh(first)).refresh_token).to.equal(second.refresh_token);
    expect((await sessions.refresh(second)).refresh_token).to.equal(third.refresh_token);
    expect((await sessions.refresh(third)).refresh_token).not.to.be.oneOf([first, second, third]);
  });

  it('is not given again once the leeway has passed since the first use, however often it was used within', async () => {
    const sessions = new Sessions({ refreshLeeway: '30s' });
    const first = await sessions.login();
    await sessions.refresh(first);
    sessions.clock.advance(20);
    await sessions.refresh(first);
    sessions.clock.advance(10);
    expect(await refusalOf(sessions.refresh(first))).to.equal(USED);
  });

  it('has one winner without a leeway, and the session ends', async () => {
    const { managers } = servers(2, { refreshLeeway: 0 });
    const { refresh_token = '' } = await managers[0].createTokenResponse(ada);
    const asked = Array.from({ length: 50 }, (_, index) =>
      (managers[index % 2] as LoginManager<Account>).refresh(refresh_token),
    );
    const settled = await Promise.allSettled(asked);
    const won = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(won).to.have.length(1);
    expect(await fateOf(managers[0], won[0]?.access_token as string)).to.equal('token_revoked');
  });

  it('is what a shorter leeway of another server decides, there', async () => {
    const { clock, sessionStore, managers } = servers(1);
    const strict = managerOf({ sessionStore, clock: clock.tell, refreshLeeway: '5s' });
    const { refresh_token = '' } = await managers[0].createTokenResponse(ada);
    await managers[0].refresh(refresh_token);
    clock.advance(6);
    await managers[0].refresh(refresh_token);
    expect(await refusalOf(strict.refresh(refresh_token))).to.equal(USED);
  });
});

describe('what is kept of a session', () => {
  it('does not grow with its refreshes', async () => {
    const sessions = new Sessions({ refreshLeeway: '30s' });
    const store = new MemorySessionStore(sessions.clock.tell);
    const { manager, clock } = new Sessions({ sessionStore: store, refreshLeeway: '30s' });
    let { refresh_token = '' } = await manager.createTokenResponse(ada);
    for (let time = 0; time < 10_000; time++) {
      clock.advance(0.1);
      refresh_token = (await manager.refresh(refresh_token)).refresh_token as string;
    }
    expect(store.size).to.equal(2);
  }).timeout(60_000);

  it('is nothing once all have logged out', async () => {
    const { sessionStore, managers } = servers(2);
    const logins = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (managers[index % 2] as LoginManager<Account>).createTokenResponse(ada)),
    );
    for (const { refresh_token = '' } of logins) await managers[0].revoke(refresh_token);
    expect(sessionStore.size).to.equal(0);
  });

  it('is nothing once they log out at the same time', async () => {
    const { sessionStore, managers } = servers(2);
    const logins = await Promise.all([1, 2, 3, 4, 5].map(() => managers[0].createTokenResponse(ada)));
    await Promise.all(logins.map(({ refresh_token = '' }) => managers[1].revoke(refresh_token)));
    expect(sessionStore.size).to.equal(0);
  });

  it('is nothing of a session whose stolen token was used', async () => {
    const { clock, sessionStore, managers } = servers(2);
    const { refresh_token = '' } = await managers[0].createTokenResponse(ada);
    await managers[0].refresh(refresh_token);
    clock.advance(60);
    await rejection(managers[1].refresh(refresh_token));
    expect(sessionStore.size).to.equal(0);
  });
});

describe('a shortened refreshExpiry', () => {
  for (const [what, options] of Object.entries({
    'of a manager': {},
    'of a manager with sliding cookies': { useCookie: true, slidingExpiry: '90d' },
  })) {
    it(`ends sessions that are older: ${what}`, async () => {
      const { clock, sessionStore, managers } = servers(1, { refreshExpiry: '90d', ...options });
      const shorter = managerOf({ sessionStore, clock: clock.tell, refreshExpiry: '1d', ...options });
      const { refresh_token = '' } = await managers[0].createTokenResponse(ada);
      clock.advance(25 * 3600);
      expect((await rejection(shorter.refresh(refresh_token))).name).to.equal('InvalidGrantError');
      expect(await managers[0].refresh(refresh_token)).to.have.property('access_token');
    });

    it(`binds the sessions that are there: ${what}`, async () => {
      const { clock, sessionStore, managers } = servers(1, { refreshExpiry: '90d', ...options });
      const shorter = managerOf({ sessionStore, clock: clock.tell, refreshExpiry: '1d', ...options });
      const { refresh_token = '' } = await managers[0].createTokenResponse(ada);
      clock.advance(24 * 3600 - 60);
      const next = (await shorter.refresh(refresh_token)) as Pair;
      expect(payloadOf(next.refresh_token).exp).to.equal(clock.now / 1000 + 60);
      clock.advance(60);
      expect((await rejection(shorter.refresh(next.refresh_token))).name).to.equal('InvalidGrantError');
      expect((await rejection(shorter.refresh(refresh_token))).name).to.equal('InvalidGrantError');
    });
  }

  it('binds access tokens too', async () => {
    const { clock, sessionStore, managers } = servers(1, { refreshExpiry: '90d', defaultExpiry: '2d' });
    const shorter = managerOf({ sessionStore, clock: clock.tell, refreshExpiry: '1d' });
    const { access_token } = await managers[0].createTokenResponse(ada);
    clock.advance(24 * 3600);
    expect(await fateOf(managers[0], access_token)).to.equal('let in');
    expect(await fateOf(shorter, access_token)).to.equal('token_revoked');
  });
});

describe('a refresh whose answer was lost', () => {
  /** A store that writes, and whose answer then goes the way that is said. */
  class LosingStore extends MoodyStore {
    lost: (() => Promise<boolean>) | undefined;

    override async write(...args: Parameters<MoodyStore['write']>): Promise<boolean> {
      const { lost } = this;
      const answer = super.write(...args);
      return lost ? answer.then(lost) : answer;
    }
  }

  const ways: Record<string, () => Promise<boolean>> = {
    'the connection breaks after the write': () => Promise.reject(new Error('ECONNRESET')),
    'the answer never comes': () => new Promise(() => undefined),
  };

  let passed = 0;

  beforeEach(() => {
    const { now } = performance;
    passed = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now.call(performance) + passed);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  const turns = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  /** Has so many seconds pass by the timers, step by step. */
  const pass = async (seconds: number) => {
    for (let step = 0; step < seconds; step++) {
      passed += 1000;
      mock.timers.tick(1000);
      await turns();
    }
  };

  for (const [way, lost] of Object.entries(ways)) {
    async function loseAnswer() {
      const clock = new TestClock();
      const store = new LosingStore(new MemorySessionStore(clock.tell));
      const manager = managerOf({ sessionStore: store, clock: clock.tell });
      const login = (await manager.createTokenResponse(ada)) as Pair;
      store.lost = lost;
      const refused = rejection(manager.refresh(login.refresh_token));
      await turns();
      await pass(1);
      expect((await refused).code).to.equal('service_unavailable');
      return { clock, store, manager, login };
    }

    it(`can be asked again at once: ${way}`, async () => {
      const { store, manager, login } = await loseAnswer();
      store.lost = undefined;
      const next = (await manager.refresh(login.refresh_token)) as Pair;
      expect(await fateOf(manager, next.access_token)).to.equal('let in');
    });

    it(`can be asked again a day later: ${way}`, async () => {
      const { clock, store, manager, login } = await loseAnswer();
      store.lost = undefined;
      await pass(3);
      clock.advance(24 * 3600);
      const next = (await manager.refresh(login.refresh_token)) as Pair;
      expect(await fateOf(manager, next.access_token)).to.equal('let in');
    });

    it(`can be asked again a day later though the store was down for ten minutes: ${way}`, async () => {
      const { clock, store, manager, login } = await loseAnswer();
      store.lost = undefined;
      store.mood = failures.rejects;
      await pass(600);
      store.mood = undefined;
      await pass(5);
      clock.advance(24 * 3600);
      const next = (await manager.refresh(login.refresh_token)) as Pair;
      expect(await fateOf(manager, next.access_token)).to.equal('let in');
    });

    it(`can be asked again in the moment when a store that was down for a minute is back: ${way}`, async () => {
      const { clock, store, manager, login } = await loseAnswer();
      store.lost = undefined;
      store.mood = failures.rejects;
      await pass(60);
      clock.advance(60);
      store.mood = undefined;
      passed += 1000; // the breaker tries again
      expect(await manager.refresh(login.refresh_token)).to.have.property('access_token');
    });

    it(`can be asked again a day later though two tabs have lost their answers: ${way}`, async () => {
      const clock = new TestClock();
      const store = new LosingStore(new MemorySessionStore(clock.tell));
      const manager = managerOf({ sessionStore: store, clock: clock.tell });
      const login = (await manager.createTokenResponse(ada)) as Pair;
      store.lost = lost;
      const refused = [1, 2].map(() => rejection(manager.refresh(login.refresh_token)));
      await turns();
      await pass(1);
      await Promise.all(refused);
      store.lost = undefined;
      await pass(3);
      clock.advance(24 * 3600);
      expect(await manager.refresh(login.refresh_token)).to.have.property('access_token');
    });

    it(`does not bring a session back that was ended meanwhile: ${way}`, async () => {
      const { store, manager, login } = await loseAnswer();
      store.lost = undefined;
      await manager.revoke(login.refresh_token);
      await pass(5);
      expect(await refusalOf(manager.refresh(login.refresh_token))).to.equal(ENDED);
      expect(await fateOf(manager, login.access_token)).to.equal('token_revoked');
    });

    it(`still ends the session when the retry and a thief come one after the other: ${way}`, async () => {
      const { clock, store, manager, login } = await loseAnswer();
      store.lost = undefined;
      const next = (await manager.refresh(login.refresh_token)) as Pair;
      await pass(5);
      clock.advance(60);
      await manager.refresh(next.refresh_token).catch(() => undefined);
      clock.advance(60);
      expect((await rejection(manager.refresh(login.refresh_token))).message).to.match(/has been used|has ended/);
      expect(await fateOf(manager, next.access_token)).to.equal('token_revoked');
    });
  }

  it('can be asked again a day later though the store has written only after the write was given up', async () => {
    const clock = new TestClock();
    const store = new MemorySessionStore(clock.tell);
    const manager = managerOf({ sessionStore: store, clock: clock.tell });
    const { refresh_token = '' } = await manager.createTokenResponse(ada);
    const write = store.write.bind(store);
    let finish = () => {};
    store.write = (...args) => {
      store.write = write;
      return new Promise((resolve) => {
        finish = () => resolve(write(...args));
      });
    };
    const refused = rejection(manager.refresh(refresh_token));
    await turns();
    await pass(5);
    expect((await refused).code).to.equal('service_unavailable');
    finish();
    await turns();
    clock.advance(24 * 3600);
    expect(await manager.refresh(refresh_token)).to.have.property('access_token');
  });
});
