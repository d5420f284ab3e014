import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { sessionStoreContract } from '../../../src/testing/index';
import { TestClock } from '../../support/clock';

const MINUTE = 60_000;

function sizeOf(store: MemorySessionStore): number {
  return (store as unknown as { entries: Map<string, unknown> }).entries.size;
}

describe('MemorySessionStore', () => {
  for (const { title, run } of sessionStoreContract(() => new MemorySessionStore())) it(title, run);

  it('goes by its clock: an entry lives to the millisecond before its expiry', async () => {
    const clock = new TestClock();
    const store = new MemorySessionStore(clock.tell);
    await store.revoke('a', clock.now, clock.now + 1000);
    clock.advance(0.999);
    expect(await store.revokedAt(['a'])).to.deep.equal([clock.now - 999]);
    clock.advance(0.001);
    expect(await store.revokedAt(['a'])).to.deep.equal([null]);
    expect(await store.revoke('a', clock.now, clock.now + 1000)).to.equal(true);
  });

  describe('in the long run', () => {
    const { setInterval } = globalThis;
    const timers = new Map<object, () => void>();

    beforeEach(() => {
      timers.clear();
      globalThis.setInterval = ((callback: () => void, interval: number) => {
        expect(interval).to.be.at.most(MINUTE);
        const timer = { unref: () => timer, close: () => timers.delete(timer) };
        timers.set(timer, callback);
        return timer;
      }) as unknown as typeof setInterval;
    });

    afterEach(() => {
      globalThis.setInterval = setInterval;
    });

    const ring = () => {
      for (const callback of timers.values()) callback();
    };

    it('gives back the memory of what has expired, and of nothing else', async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      for (let index = 0; index < 1000; index++) await store.revoke(`short ${index}`, 1, clock.now + MINUTE);
      await store.revoke('long', 1, clock.now + 3 * MINUTE);
      expect(sizeOf(store)).to.equal(1001);

      clock.advance(60);
      ring();
      expect(sizeOf(store)).to.equal(1);
      expect(await store.revokedAt(['long', 'short 1'])).to.deep.equal([1, null]);

      clock.advance(120);
      ring();
      expect(sizeOf(store)).to.equal(0);
    });

    it('looks again after it was empty', async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      for (let round = 0; round < 3; round++) {
        timers.clear(); // clearInterval() is Node's, and knows nothing of these
        await store.revoke(`round ${round}`, 1, clock.now + 1);
        clock.advance(60);
        ring();
        expect(sizeOf(store)).to.equal(0);
      }
    });
  });

  it('does not hold the process', async () => {
    const file = JSON.stringify(join(__dirname, '../../../src/sessions/stores/memory-session-store.js'));
    const script = `const { MemorySessionStore } = require(${file});
      new MemorySessionStore().revoke('a', Date.now(), Date.now() + 3_600_000).then(console.log);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 5000 });
    expect(stdout.trim()).to.equal('true');
  });
});
