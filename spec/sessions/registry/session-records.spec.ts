import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { ServiceUnavailableError } from '../../../src/errors/service-unavailable-error';
import {
  EPOCH,
  type SessionRecord,
  serializeEpoch,
  serializeRecord,
  sessionName,
} from '../../../src/sessions/registry/session-record';
import { SessionRecords, untilSettled } from '../../../src/sessions/registry/session-records';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { TestClock } from '../../support/clock';
import { rejection } from '../../support/rejection';

const HOUR = 3_600_000;

function make({ clockTolerance = 0 } = {}) {
  const clock = new TestClock();
  const store = new MemorySessionStore(clock.tell);
  const closed = new FailClosedStore(store, { timeout: 1000, onError: () => undefined });
  const records = new SessionRecords(closed, { clock: clock.tell, longestSession: HOUR, clockTolerance });
  const record: SessionRecord = {
    epoch: 'e',
    loginAt: clock.now,
    lastUsedAt: clock.now,
    expiresAt: clock.now + HOUR / 2,
    refreshNumber: 0,
    refreshedAt: [],
  };
  const epoch = serializeEpoch({ id: 'e', keepUntil: clock.now + HOUR });
  const put = (name: string, value: string) => store.write('owner', name, null, value, 2 * HOUR);
  return { clock, store, records, record, epoch, put };
}

const session = { id: 'owner.secret', loginAt: 0, isRecorded: true };

describe('a session', () => {
  it('is read with what is stored, and until when the epoch of its user is kept', async () => {
    const { clock, records, record, epoch, put } = make();
    await put(EPOCH, epoch);
    await put(sessionName('secret'), serializeRecord(record));
    expect(await records.read(session)).to.deep.equal({
      owner: 'owner',
      name: sessionName('secret'),
      record,
      stored: serializeRecord(record),
      keptUntil: clock.now + HOUR,
    });
  });

  it('is none without a record, without an epoch, and in another epoch', async () => {
    const { clock, records, record, epoch, put, store } = make();
    await put(EPOCH, epoch);
    expect(await records.read(session)).to.equal(undefined);
    await put(sessionName('secret'), serializeRecord(record));
    await store.write('owner', EPOCH, epoch, null, 0);
    expect(await records.read(session)).to.equal(undefined);
    await put(EPOCH, serializeEpoch({ id: 'other', keepUntil: clock.now + HOUR }));
    expect(await records.read(session)).to.equal(undefined);
  });

  it('is none with an id that is none, and with a record that cannot be read', async () => {
    const { records, epoch, put } = make();
    await put(EPOCH, epoch);
    await put(sessionName('secret'), '{');
    expect(await records.read(session)).to.equal(undefined);
    expect(await records.read({ ...session, id: 'owner' })).to.equal(undefined);
  });

  it('counts until it expires, and never longer than this manager allows', () => {
    const { clock, records, record, epoch } = make();
    const long = { ...record, expiresAt: clock.now + 2 * HOUR };
    clock.advance(1799.999);
    expect(records.isLive(record, epoch)).to.equal(true);
    clock.advance(0.001);
    expect(records.isLive(record, epoch)).to.equal(false);
    clock.advance(1799.999);
    expect(records.isLive(long, epoch)).to.equal(true);
    clock.advance(0.001);
    expect(records.isLive(long, epoch)).to.equal(false);
  });

  it('counts a little longer where clocks may differ', () => {
    const { clock, records, record, epoch } = make({ clockTolerance: 5000 });
    clock.advance(1804.999);
    expect(records.isLive(record, epoch)).to.equal(true);
    clock.advance(0.001);
    expect(records.isLive(record, epoch)).to.equal(false);
  });

  it('is kept until no server accepts its tokens, however late its clock is', () => {
    const { clock, records } = make({ clockTolerance: 2000 });
    expect(records.ttlOf({ expiresAt: clock.now + 1000 })).to.equal(1000 + 2 * 2000 + 5000);
    expect(records.ttlOf({ expiresAt: clock.now - HOUR })).to.equal(1);
  });

  it('is replaced, or removed, if it has not changed since it was read', async () => {
    const { records, record, epoch, put, store } = make();
    await put(EPOCH, epoch);
    await put(sessionName('secret'), serializeRecord(record));
    const live = await records.read(session);
    if (!live) throw new Error('it must be there');
    const next = { ...record, refreshNumber: 1 };
    expect(await records.replace(live, next)).to.equal(true);
    expect((await records.read(session))?.record).to.deep.equal(next);
    expect(await records.replace(live, null)).to.equal(false);
    expect(await records.replace({ ...live, stored: serializeRecord(next) }, null)).to.equal(true);
    expect(await store.read('owner', [sessionName('secret')])).to.deep.equal([null]);
  });
});

describe('the clock of a session', () => {
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY, '0', undefined]) {
    it(`is refused where it tells ${time}`, () => {
      const store = new FailClosedStore(new MemorySessionStore(), { timeout: 1000, onError: () => undefined });
      const records = new SessionRecords(store, {
        clock: () => time as number,
        longestSession: HOUR,
        clockTolerance: 0,
      });
      expect(() => records.now()).to.throw(
        ConfigurationError,
        'The option clock returned no finite number; it must return milliseconds since the epoch, as Date.now does',
      );
    });
  }
});

describe('a step that others can disturb', () => {
  it('is tried again until it gives something', async () => {
    let tries = 0;
    expect(await untilSettled(async () => (++tries < 100 ? undefined : 'done'))).to.equal('done');
    expect(tries).to.equal(100);
    expect(await untilSettled(async () => false)).to.equal(false);
    expect(await untilSettled(async () => null)).to.equal(null);
  });

  it('is given up after a hundred times: the service is unavailable', async () => {
    let tries = 0;
    const error = await rejection(
      untilSettled(async () => {
        tries += 1;
        return undefined;
      }),
    );
    expect(tries).to.equal(100);
    expect(error).to.be.instanceOf(ServiceUnavailableError);
    expect((error.cause as Error).message).to.equal('The record was changed by others 100 times in a row');
  });
});
