import { mock } from 'node:test';
import { expect } from 'chai';
import { RefreshSuccession } from '../../../src/sessions/registry/refresh-succession';
import type { Session } from '../../../src/sessions/registry/session-claims';
import { parseRecord, sessionName } from '../../../src/sessions/registry/session-record';
import { SessionRecords } from '../../../src/sessions/registry/session-records';
import { SessionRegistry } from '../../../src/sessions/registry/session-registry';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { TestClock } from '../../support/clock';
import { rejection } from '../../support/rejection';
import { MoodyStore } from '../../support/stores';

const LEEWAY = 30_000;
const HOUR = 3_600_000;

async function begin(leeway = LEEWAY) {
  const clock = new TestClock();
  const memory = new MemorySessionStore(clock.tell);
  const store = new MoodyStore(memory);
  const options = { clock: clock.tell, longestSession: HOUR, clockTolerance: 0 };
  const records = new SessionRecords(new FailClosedStore(store, { timeout: 1000, onError: () => undefined }), options);
  const registry = new SessionRegistry(records, undefined);
  const succession = new RefreshSuccession(records, registry, leeway);
  const session = (await registry.begin({ sub: 'ada', expiresAt: clock.now + HOUR })) as Session;
  const [owner = '', secret = ''] = session.id.split('.');
  const read = async () => parseRecord((await memory.read(owner, [sessionName(secret)]))[0] ?? null);
  return { clock, memory, store, records, registry, succession, session, owner, read };
}

describe('the numbers of refresh tokens', () => {
  it('go up by one with each use, and the time of each is kept, the youngest first', async () => {
    const { clock, succession, session, read } = await begin();
    const start = clock.now;
    expect(await succession.succeed(session, 0)).to.deep.equal({ number: 1, madeAt: start });
    clock.advance(10);
    expect(await succession.succeed(session, 1)).to.deep.equal({ number: 2, madeAt: start + 10_000 });
    expect(await read()).to.deep.include({
      refreshNumber: 2,
      refreshedAt: [start + 10_000, start],
      lastUsedAt: start + 10_000,
    });
  });

  it('give the same successor within the leeway, and say when it was made', async () => {
    const { clock, succession, session, read } = await begin();
    const start = clock.now;
    await succession.succeed(session, 0);
    clock.advance(10);
    await succession.succeed(session, 1);
    clock.advance(19.999);
    expect(await succession.succeed(session, 0)).to.deep.equal({ number: 1, madeAt: start });
    expect(await succession.succeed(session, 1)).to.deep.equal({ number: 2, madeAt: start + 10_000 });
    expect(await read()).to.deep.include({ refreshNumber: 2 });
  });

  it('end the session for one that is used later, and say so to one of two', async () => {
    const { clock, succession, session, read } = await begin();
    await succession.succeed(session, 0);
    clock.advance(30);
    const problems = await Promise.all([succession.succeed(session, 0), succession.succeed(session, 0)]);
    expect(problems).to.deep.equal([{ problem: 'reused' }, { problem: 'ended' }]);
    expect(await read()).to.equal(undefined);
    expect(await succession.succeed(session, 1)).to.deep.equal({ problem: 'ended' });
  });

  it('forget the uses that are as old as the leeway', async () => {
    const { clock, succession, session, read } = await begin();
    for (const [number, seconds] of [
      [0, 10],
      [1, 20],
      [2, 0],
    ] as const) {
      await succession.succeed(session, number);
      clock.advance(seconds);
    }
    expect((await read())?.refreshedAt).to.deep.equal([clock.now, clock.now - 20_000]);
  });

  it('remember sixteen uses at most', async () => {
    const { succession, session, read } = await begin();
    for (let number = 0; number < 20; number++) await succession.succeed(session, number);
    expect((await read())?.refreshedAt).to.have.length(16);
  });

  it('believe a number that is ahead of the record, which has lost the last ones', async () => {
    const { clock, succession, session, read } = await begin();
    await succession.succeed(session, 0);
    clock.advance(1);
    expect(await succession.succeed(session, 7)).to.deep.equal({ number: 8, madeAt: clock.now });
    expect(await read()).to.deep.include({ refreshNumber: 8, refreshedAt: [clock.now] });
  });
});

describe('the check of a refresh token, before it is used up', () => {
  it('tells that a token is good, and when it was made if that was just now', async () => {
    const { clock, succession, session } = await begin();
    expect(await succession.check(session, 0)).to.deep.equal({ madeAt: undefined });
    await succession.succeed(session, 0);
    const madeAt = clock.now;
    clock.advance(10);
    expect(await succession.check(session, 1)).to.deep.equal({ madeAt });
    expect(await succession.check(session, 0), 'an older one').to.deep.equal({ madeAt: undefined });
    clock.advance(20);
    expect(await succession.check(session, 1), 'after the leeway').to.deep.equal({ madeAt: undefined });
    expect(await succession.check(session, 2), 'ahead of the record').to.deep.equal({ madeAt: undefined });
  });

  it('changes nothing while the token is good', async () => {
    const { succession, session, read } = await begin();
    const before = await read();
    await succession.check(session, 0);
    expect(await read()).to.deep.equal(before);
  });

  it('ends the session of one that was used too long ago', async () => {
    const { clock, succession, session, read } = await begin();
    await succession.succeed(session, 0);
    clock.advance(30);
    expect(await succession.check(session, 0)).to.deep.equal({ problem: 'reused' });
    expect(await read()).to.equal(undefined);
    expect(await succession.check(session, 1)).to.deep.equal({ problem: 'ended' });
  });

  it('tells that the session has ended, and for what is no session', async () => {
    const { registry, succession, session } = await begin();
    expect(await succession.check({ ...session, id: 'nothing' }, 0)).to.deep.equal({ problem: 'ended' });
    await registry.end(session.id);
    expect(await succession.check(session, 0)).to.deep.equal({ problem: 'ended' });
  });
});

describe('a use whose answer from the store is lost', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  /** The store writes, and answers that it has not. */
  function losing(memory: MemorySessionStore, store: MoodyStore) {
    const write = memory.write.bind(memory);
    memory.write = async (...args) => {
      await write(...args);
      throw new Error('The connection is gone');
    };
    return () => {
      memory.write = write;
      store.mood = undefined;
    };
  }

  async function lost() {
    const begun = await begin();
    const recover = losing(begun.memory, begun.store);
    expect(await rejection(begun.succession.succeed(begun.session, 0))).to.have.property('status', 503);
    recover();
    return begun;
  }

  /** Lets what was asked of the store by a timer come to its end. */
  async function afterASecond() {
    mock.timers.tick(1000);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  it('is taken back after a second, and counts as the last use of the session', async () => {
    const { clock, read } = await lost();
    expect((await read())?.refreshNumber).to.equal(1);
    await afterASecond();
    expect(await read()).to.deep.include({ refreshNumber: 0, refreshedAt: [], lastUsedAt: clock.now + 1 });
  });

  it('is taken back at the next check, which does not wait for the second', async () => {
    const { clock, succession, session, read } = await lost();
    clock.advance(60);
    expect(await succession.check(session, 0)).to.deep.equal({ madeAt: undefined });
    expect((await read())?.refreshNumber).to.equal(0);
  });

  it('is taken back once', async () => {
    const { succession, session, read } = await lost();
    await afterASecond();
    await succession.succeed(session, 0);
    await afterASecond();
    await succession.check(session, 1);
    expect((await read())?.refreshNumber).to.equal(1);
  });

  it('is tried again each second until the store answers', async () => {
    const { store, read } = await lost();
    store.mood = () => Promise.reject(new Error('The database is down'));
    for (let second = 0; second < 3; second++) await afterASecond();
    expect((await read())?.refreshNumber).to.equal(1);
    store.mood = undefined;
    await afterASecond();
    expect((await read())?.refreshNumber).to.equal(0);
  });

  it('asks the store once a second, however many were lost', async () => {
    const { memory, store, succession, session } = await begin();
    const recover = losing(memory, store);
    await rejection(succession.succeed(session, 0));
    await rejection(succession.succeed(session, 1));
    recover();
    store.mood = () => Promise.reject(new Error('The database is down'));
    store.calls = 0;
    await afterASecond();
    expect(store.calls).to.equal(1);
  });

  it('is left alone once the session would have ended', async () => {
    const { clock, store } = await lost();
    clock.advance(3600);
    store.calls = 0;
    await afterASecond();
    await afterASecond();
    expect(store.calls).to.equal(0);
  });
});
