import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Session } from '../../../src/sessions/registry/session-claims';
import {
  EPOCH,
  ownerOf,
  parseEpoch,
  parseRecord,
  REVOKED,
  serializeEpoch,
} from '../../../src/sessions/registry/session-record';
import { SessionRecords } from '../../../src/sessions/registry/session-records';
import { SessionRegistry } from '../../../src/sessions/registry/session-registry';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import type { SessionStore } from '../../../src/sessions/stores/session-store';
import { TestClock } from '../../support/clock';
import { rejection } from '../../support/rejection';

const HOUR = 3_600_000;
const OWNER = ownerOf('ada');

function make(
  options: {
    maxSessions?: number;
    longestSession?: number;
    timeout?: number;
    store?: (memory: Memory) => SessionStore;
  } = {},
) {
  const clock = new TestClock();
  const memory = new Memory(clock.tell);
  const { maxSessions, timeout = 1000, longestSession = 10 * HOUR, store = (one: Memory) => one } = options;
  const closed = new FailClosedStore(store(memory), { timeout, onError: () => undefined });
  const records = new SessionRecords(closed, { clock: clock.tell, longestSession, clockTolerance: 0 });
  const registry = new SessionRegistry(records, maxSessions);
  const begin = async (hours = 1) =>
    (await registry.begin({ sub: 'ada', expiresAt: clock.now + hours * HOUR })) as Session;
  return { clock, memory, registry, records, begin };
}

/** A memory store whose records can be looked at, and which tells others before it writes. */
class Memory extends MemorySessionStore {
  beforeWrite: ((name: string) => Promise<void>) | undefined;
  writes: string[] = [];

  override async write(...args: Parameters<SessionStore['write']>): Promise<boolean> {
    const { beforeWrite } = this;
    await beforeWrite?.(args[1]);
    this.writes.push(args[1].split(':')[0] as string);
    return super.write(...args);
  }

  async storedAs(name: string): Promise<string | null> {
    return (await this.read(OWNER, [name]))[0] ?? null;
  }

  async epoch() {
    return parseEpoch(await this.storedAs(EPOCH));
  }

  async names(): Promise<string[]> {
    return (await this.list(OWNER)).map(({ name }) => name.split(':')[0] as string).sort();
  }
}

/** The same store, of a kind that cannot list. */
const withoutList = (memory: Memory): SessionStore => ({
  read: (...args) => memory.read(...args),
  write: (...args) => memory.write(...args),
  age: (...args) => memory.age(...args),
});

describe('the beginning of a session', () => {
  it('writes its record, and then the epoch, which is kept as long', async () => {
    const { clock, memory, begin, records } = make();
    const session = await begin();
    expect(memory.writes).to.deep.equal(['session', 'epoch']);
    expect((await memory.epoch())?.keepUntil).to.equal(clock.now + HOUR);
    expect((await records.read(session))?.record).to.deep.include({
      loginAt: clock.now,
      lastUsedAt: clock.now,
      expiresAt: clock.now + HOUR,
      refreshNumber: 0,
      refreshedAt: [],
    });
  });

  it('keeps the epoch that is there, and keeps it no shorter', async () => {
    const { clock, memory, begin } = make();
    await begin(2);
    const first = await memory.epoch();
    await begin(1);
    expect(await memory.epoch()).to.deep.equal({ id: first?.id, keepUntil: clock.now + 2 * HOUR });
  });

  it('notes what is known about the client', async () => {
    const { clock, registry, records } = make();
    const session = await registry.begin({
      sub: 'ada',
      expiresAt: clock.now + HOUR,
      address: '::1',
      userAgent: 'curl',
    });
    expect((await records.read(session as Session))?.record).to.include({ address: '::1', userAgent: 'curl' });
  });

  it('is none for a login that began before all logins were revoked', async () => {
    const { clock, memory, registry } = make();
    const startedAt = performance.now() - 1000;
    await memory.write(OWNER, REVOKED, null, '1', HOUR);
    expect(await registry.begin({ sub: 'ada', expiresAt: clock.now + HOUR, startedAt })).to.equal(undefined);
    expect(await memory.names()).to.deep.equal([REVOKED]);
  });

  it('is none, if all logins are revoked while it begins, though it named no time', async () => {
    const { clock, memory, begin, registry } = make();
    await begin();
    memory.beforeWrite = async (name) => {
      if (name !== EPOCH) return;
      memory.beforeWrite = undefined;
      await memory.write(OWNER, REVOKED, null, String(clock.now), HOUR);
      await registry.endAll(OWNER, clock.now + HOUR);
    };
    expect(await registry.begin({ sub: 'ada', expiresAt: clock.now + HOUR })).to.equal(undefined);
    expect(await registry.list('ada')).to.deep.equal([]);
  });

  it('is tried again in the new epoch, if one begins meanwhile, and nothing is left of the first try', async () => {
    const { clock, memory, begin, records } = make();
    await begin();
    const other = serializeEpoch({ id: 'other', keepUntil: clock.now + HOUR });
    memory.beforeWrite = async (name) => {
      if (name !== EPOCH) return;
      memory.beforeWrite = undefined;
      await memory.write(OWNER, EPOCH, await memory.storedAs(EPOCH), other, HOUR);
    };
    const session = await begin();
    expect((await records.read(session))?.record.epoch).to.equal('other');
    expect(await memory.names()).to.deep.equal(['epoch', 'session', 'session']);
  });

  it('goes on where the same epoch was written again meanwhile', async () => {
    const { clock, memory, begin, records } = make();
    await begin();
    const id = (await memory.epoch())?.id as string;
    let times = 0;
    memory.beforeWrite = async (name) => {
      if (name !== EPOCH || ++times > 3) return;
      const { beforeWrite } = memory;
      memory.beforeWrite = undefined;
      const again = serializeEpoch({ id, keepUntil: clock.now + 5 * HOUR });
      await memory.write(OWNER, EPOCH, await memory.storedAs(EPOCH), again, HOUR);
      memory.beforeWrite = beforeWrite;
    };
    const session = await begin();
    expect((await records.read(session))?.record.epoch).to.equal(id);
    expect(await memory.epoch()).to.deep.equal({ id, keepUntil: clock.now + 5 * HOUR });
  });

  it('is given up for good, if the store writes its record only after it was waited for', async () => {
    const { memory, begin, registry } = make({ timeout: 20 });
    await begin();
    let written: Promise<unknown> | undefined;
    const write = memory.write.bind(memory);
    memory.write = (...args) => {
      if (!args[1].startsWith('session:') || args[2] !== null || args[3] === 'given up') return write(...args);
      written = delay(60).then(() => write(...args));
      return written as Promise<boolean>;
    };
    expect(await rejection(begin())).to.have.property('status', 503);
    expect(await written).to.equal(false);
    expect(await registry.list('ada')).to.have.length(1);
  });

  describe('of a user who is so busy that others always write the epoch first', () => {
    /** A store in which another epoch is read than was expected at the write. */
    const racing = (epoch: string | null) => (memory: Memory) => ({
      read: async (owner: string, names: readonly string[]) =>
        names[0] === EPOCH ? names.map((_, index) => (index === 0 ? epoch : null)) : memory.read(owner, names),
      write: async (...args: Parameters<SessionStore['write']>) => args[1] !== EPOCH && memory.write(...args),
      age: (owner: string, name: string) => memory.age(owner, name),
    });

    it('is there after twenty tries, as long as it is the same epoch', async () => {
      const { memory, begin } = make({ store: racing(serializeEpoch({ id: 'e', keepUntil: 4e12 })) });
      expect(await begin()).to.have.property('id');
      expect(await memory.names()).to.deep.equal(['session']);
    });

    it('is refused, if the epoch is gone each time, and nothing is left of it', async () => {
      const { memory, begin } = make({ store: racing(null) });
      expect(await rejection(begin())).to.have.property('status', 503);
      expect(await memory.names()).to.deep.equal([]);
    });
  });
});

describe('at most so many sessions of a user', () => {
  it('are there: those end that were used longest ago', async () => {
    const { clock, registry, begin } = make({ maxSessions: 2 });
    const first = await begin();
    clock.advance(1);
    const second = await begin();
    clock.advance(1);
    await registry.prolong(first, clock.now + 2 * HOUR);
    clock.advance(1);
    const third = await begin();
    await registry.endSurplus('ada');
    expect((await registry.list('ada')).map(({ id }) => id)).to.have.members([first.id, third.id]);
    expect(await registry.end(second.id)).to.equal(false);
  });

  it('are as many as are allowed, and the new one is the last used, though its clock is late', async () => {
    const { clock, registry, begin } = make({ maxSessions: 1 });
    await begin();
    clock.advance(-60);
    const late = await begin();
    await registry.endSurplus('ada');
    const listed = await registry.list('ada');
    expect(listed.map(({ id }) => id)).to.deep.equal([late.id]);
    expect(listed[0]?.record.lastUsedAt).to.equal(clock.now + 60_001);
  });

  it('do not matter without a limit: nothing is listed at a login', async () => {
    const { registry, begin } = make({ store: withoutList });
    expect(await begin()).to.have.property('id');
    await registry.endSurplus('ada');
  });

  it('end in the same order on all servers, if they were used in the same millisecond', async () => {
    const { clock, memory, registry, begin } = make();
    for (let index = 0; index < 5; index++) await begin();
    const ids = (await registry.list('ada')).map(({ id }) => id).sort();
    const closed = new FailClosedStore(memory, { timeout: 1000, onError: () => undefined });
    const records = new SessionRecords(closed, { clock: clock.tell, longestSession: HOUR, clockTolerance: 0 });
    const limited = new SessionRegistry(records, 3);
    const session = (await limited.begin({ sub: 'ada', expiresAt: clock.now + HOUR })) as Session;
    await limited.endSurplus('ada');
    expect((await registry.list('ada')).map(({ id }) => id).sort()).to.deep.equal(
      [session.id, ...ids.slice(0, 2)].sort(),
    );
  });
});

describe('a session that is in use', () => {
  it('is prolonged with its epoch, and tells when it ends now', async () => {
    const { clock, memory, registry, records, begin } = make();
    const session = await begin();
    clock.advance(10);
    const end = clock.now + 3 * HOUR;
    expect(await registry.prolong(session, end)).to.equal(end);
    expect((await records.read(session))?.record).to.include({ expiresAt: end, lastUsedAt: clock.now });
    expect((await memory.epoch())?.keepUntil).to.equal(end);
  });

  it('is not written again where it lasts that long', async () => {
    const { clock, memory, registry, begin } = make();
    const session = await begin(2);
    memory.writes = [];
    expect(await registry.prolong(session, clock.now + HOUR)).to.equal(clock.now + 2 * HOUR);
    expect(await registry.prolong(session, clock.now + 2 * HOUR)).to.equal(clock.now + 2 * HOUR);
    expect(memory.writes).to.deep.equal([]);
  });

  it('has its epoch prolonged, if that failed before, and its record is left as it is', async () => {
    const { clock, memory, registry, records, begin } = make();
    const session = await begin(2);
    const { id } = (await memory.epoch()) ?? { id: '' };
    const short = serializeEpoch({ id, keepUntil: clock.now + HOUR });
    await memory.write(OWNER, EPOCH, await memory.storedAs(EPOCH), short, HOUR);
    const before = (await records.read(session))?.stored;
    memory.writes = [];
    expect(await registry.prolong(session, clock.now + HOUR)).to.equal(clock.now + 2 * HOUR);
    expect(await memory.epoch()).to.deep.equal({ id, keepUntil: clock.now + 2 * HOUR });
    expect(memory.writes).to.deep.equal(['epoch']);
    expect((await records.read(session))?.stored).to.equal(before);
  });

  it('has an epoch that is kept longer kept as long', async () => {
    const { clock, memory, registry, begin } = make();
    await begin(5);
    const session = await begin(1);
    await registry.prolong(session, clock.now + 2 * HOUR);
    expect((await memory.epoch())?.keepUntil).to.equal(clock.now + 5 * HOUR);
  });

  it('goes on though a longer session ends at the same moment, which has not seen that it was prolonged', async () => {
    const { clock, memory, registry, records, begin } = make();
    const long = await begin(5);
    const session = await begin(1);
    memory.beforeWrite = async (name) => {
      if (name !== EPOCH) return;
      memory.beforeWrite = undefined; // the end of the longer one is about to shorten the epoch
      await registry.prolong(session, clock.now + 2 * HOUR);
    };
    await registry.end(long.id);
    expect((await memory.epoch())?.keepUntil).to.be.at.least(clock.now + 2 * HOUR);
    clock.advance(90 * 60);
    expect(await records.read(session)).to.have.property('record');
  });

  it('is prolonged though another request has used it meanwhile', async () => {
    const { clock, memory, registry, records, begin } = make();
    const session = await begin();
    memory.beforeWrite = async () => {
      memory.beforeWrite = undefined;
      await registry.prolong(session, clock.now + 2 * HOUR);
    };
    expect(await registry.prolong(session, clock.now + 3 * HOUR)).to.equal(clock.now + 3 * HOUR);
    expect((await records.read(session))?.record.expiresAt).to.equal(clock.now + 3 * HOUR);
  });

  it('is not prolonged once it has ended', async () => {
    const { clock, registry, begin } = make();
    const session = await begin();
    await registry.end(session.id);
    expect(await registry.prolong(session, clock.now + HOUR)).to.equal(null);
  });
});

describe('the end of a session', () => {
  it('is told to the one who ended it', async () => {
    const { registry, begin } = make();
    const session = await begin();
    expect(await Promise.all([registry.end(session.id), registry.end(session.id)])).to.deep.equal([true, false]);
    expect(await registry.end('nothing')).to.equal(false);
    expect(await registry.end(`${OWNER}.nothing`)).to.equal(false);
  });

  it('leaves nothing of the last one', async () => {
    const { memory, registry, begin } = make();
    await registry.end((await begin()).id);
    expect(await memory.names()).to.deep.equal([]);
  });

  it('keeps the epoch as long as the others, and not longer', async () => {
    const { clock, memory, registry, begin } = make();
    await begin(1);
    const long = await begin(3);
    const short = await begin(2);
    const id = (await memory.epoch())?.id;
    memory.writes = [];
    await registry.end(short.id);
    expect(memory.writes, 'the epoch stays').to.deep.equal(['session']);
    await registry.end(long.id);
    expect(await memory.epoch()).to.deep.equal({ id, keepUntil: clock.now + HOUR });
  });

  it('leaves the epoch alone, if all logins were revoked before', async () => {
    const { clock, memory, registry, begin } = make();
    const session = await begin(1);
    await memory.write(OWNER, REVOKED, null, '1', HOUR);
    await registry.end(session.id);
    expect((await memory.epoch())?.keepUntil).to.equal(clock.now + HOUR);
  });

  it('leaves the epoch alone in a store that cannot list', async () => {
    const { clock, memory, registry, begin } = make({ store: withoutList });
    const session = await begin(1);
    expect(await registry.end(session.id)).to.equal(true);
    expect((await memory.epoch())?.keepUntil).to.equal(clock.now + HOUR);
  });

  it('does not count a record that cannot be read, nor tokens', async () => {
    const { memory, registry, begin } = make();
    const session = await begin(1);
    await memory.write(OWNER, 'session:broken', null, '{', HOUR);
    await memory.write(OWNER, 'token:one', null, '1', HOUR);
    await registry.end(session.id);
    expect(await memory.names()).to.deep.equal(['session', 'token']);
    expect(parseRecord(await memory.storedAs('session:broken'))).to.equal(undefined);
  });
});

describe('the sessions of a user', () => {
  it('are listed by their ids, the newest login first, and nothing else is', async () => {
    const { clock, memory, registry, begin } = make();
    const first = await begin();
    clock.advance(1);
    const second = await begin();
    await memory.write(OWNER, 'session:broken', null, '{', HOUR);
    await memory.write(OWNER, 'token:one', null, '1', HOUR);
    expect((await registry.list('ada')).map(({ id }) => id)).to.deep.equal([second.id, first.id]);
    expect(await registry.list('bob')).to.deep.equal([]);
  });

  it('end with their epoch, and their records are removed', async () => {
    const { clock, memory, registry, records, begin } = make();
    const session = await begin(3);
    const id = (await memory.epoch())?.id;
    await memory.write(OWNER, 'token:one', null, '1', HOUR);
    await registry.endAll(OWNER, clock.now + HOUR);
    expect(await records.read(session)).to.equal(undefined);
    expect(await memory.names()).to.deep.equal(['epoch', 'token']);
    expect((await memory.epoch())?.id).not.to.equal(id);
  });

  it('end in a store that cannot list', async () => {
    const { clock, registry, records, begin } = make({ store: withoutList });
    const session = await begin(3);
    await registry.endAll(OWNER, clock.now + HOUR);
    expect(await records.read(session)).to.equal(undefined);
  });
});
