import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { sessionStoreContract } from '../../../src/testing/index';
import { TestClock } from '../../support/clock';
import { rejection } from '../../support/rejection';

const MINUTE = 60_000;

describe('MemorySessionStore', () => {
  for (const { title, run } of sessionStoreContract(() => new MemorySessionStore())) it(title, run);

  it('goes by its clock: a record lives to the millisecond before its expiry', async () => {
    const clock = new TestClock();
    const store = new MemorySessionStore(clock.tell);
    await store.write('ada', 'a', null, 'one', 1000);
    clock.advance(0.999);
    expect(await store.read('ada', ['a'])).to.deep.equal(['one']);
    clock.advance(0.001);
    expect(await store.read('ada', ['a'])).to.deep.equal([null]);
    expect(await store.write('ada', 'a', null, 'two', 1000)).to.equal(true);
  });

  it('answers nothing while its clock gives no time', async () => {
    const store = new MemorySessionStore(() => Number.NaN);
    for (const question of [
      () => store.read('ada', ['a']),
      () => store.write('ada', 'a', null, 'one', MINUTE),
      () => store.age('ada', 'a'),
    ])
      expect((await rejection(question())).message).to.equal('The clock of the session store gives no time');
  });

  it('tells ages by a clock that nobody sets', async () => {
    const clock = new TestClock();
    const store = new MemorySessionStore(clock.tell);
    await store.write('ada', 'a', null, 'one', 2 * MINUTE);
    clock.advance(60);
    expect(await store.age('ada', 'a')).to.be.within(0, 1000);
  });

  it('counts its records', async () => {
    const store = new MemorySessionStore();
    for (const name of ['a', 'b'])
      for (const owner of ['ada', 'bob']) await store.write(owner, name, null, '1', MINUTE);
    expect(store.size).to.equal(4);
    await store.write('ada', 'a', '1', null, 0);
    expect(store.size).to.equal(3);
  });

  it('keeps nothing of a write that was refused', async () => {
    const store = new MemorySessionStore();
    await store.write('ada', 'a', 'expected', 'one', MINUTE);
    await store.write('ada', 'a', 'expected', null, 0);
    expect(store.size).to.equal(0);
  });

  it('brings messages to all listeners until they end their subscription', async () => {
    const store = new MemorySessionStore();
    const heard: string[] = [];
    const end = await store.subscribe((message) => heard.push(`one ${message}`));
    await store.subscribe((message) => heard.push(`other ${message}`));
    await store.publish('a');
    await end();
    await store.publish('b');
    expect(heard).to.deep.equal(['one a', 'other a', 'other b']);
  });

  describe('in the long run', () => {
    const { setInterval, clearInterval } = globalThis;
    const timers = new Map<object, () => void>();

    beforeEach(() => {
      timers.clear();
      globalThis.setInterval = ((callback: () => void, interval: number) => {
        expect(interval).to.be.at.most(MINUTE);
        const timer = { unref: () => timer };
        timers.set(timer, callback);
        return timer;
      }) as unknown as typeof setInterval;
      globalThis.clearInterval = ((timer: object) => timers.delete(timer)) as unknown as typeof clearInterval;
    });

    afterEach(() => {
      globalThis.setInterval = setInterval;
      globalThis.clearInterval = clearInterval;
    });

    /** Has the store sweep as often as it takes to look at everything; gives the longest slice in milliseconds. */
    const sweep = (slices = 1): number => {
      let longest = 0;
      for (let slice = 0; slice < slices; slice++) {
        const begin = performance.now();
        for (const callback of [...timers.values()]) callback();
        longest = Math.max(longest, performance.now() - begin);
      }
      return longest;
    };

    it('gives back the memory of what has expired, and of nothing else', async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      for (let index = 0; index < 1000; index++) await store.write(`user ${index % 9}`, `${index}`, null, '1', MINUTE);
      await store.write('user 1', 'long', null, '1', 3 * MINUTE);
      expect(store.size).to.equal(1001);

      clock.advance(60);
      sweep(10);
      expect(store.size).to.equal(1);
      expect(await store.read('user 1', ['long', '1'])).to.deep.equal(['1', null]);

      clock.advance(120);
      sweep(10);
      expect(store.size).to.equal(0);
    });

    for (const [what, ownerOf] of Object.entries({
      'of as many users': (index: number) => `user ${index}`,
      'of one user': () => 'ada',
    })) {
      it(`blocks nobody while it sweeps 200,000 records ${what}`, async function () {
        this.timeout(30_000);
        const clock = new TestClock();
        const store = new MemorySessionStore(clock.tell);
        for (let index = 0; index < 200_000; index++)
          await store.write(ownerOf(index), `session:${index}`, null, '1', index % 2 ? MINUTE : 3 * MINUTE);
        clock.advance(60);
        let longest = Number.POSITIVE_INFINITY;
        let slices = 0;
        for (; store.size > 100_000 && slices < 1000; slices++) {
          const slice = sweep();
          if (slices < 20) longest = Math.min(longest, slice);
        }
        expect(store.size).to.equal(100_000);
        expect(slices).to.be.within(2, 999);
        // The shortest of the slices, because a busy machine stops any process for longer.
        expect(longest).to.be.below(10);
      });
    }

    it('goes on where it stopped, so that nothing waits for ever behind what lives', async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      for (let index = 0; index < 50_000; index++) await store.write(`living ${index}`, 'a', null, '1', 9 * MINUTE);
      await store.write('last', 'a', null, '1', MINUTE);
      clock.advance(60);
      const size = store.size;
      for (let slice = 0; slice < 1000 && store.size === size; slice++) sweep();
      expect(store.size).to.equal(size - 1);
    });

    it('sweeps nothing while its clock gives no time, and the process lives', async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      await store.write('ada', 'a', null, '1', MINUTE);
      const { now } = clock;
      clock.now = Number.NaN;
      sweep();
      expect(store.size).to.equal(1);
      clock.now = now + MINUTE;
      sweep();
      expect(store.size).to.equal(0);
    });

    it('stops its timer after the last record was removed, and starts none for nothing', async () => {
      const store = new MemorySessionStore();
      await store.write('ada', 'a', null, null, 0);
      expect(timers.size).to.equal(0);
      await store.write('ada', 'a', null, '1', MINUTE);
      await store.write('ada', 'a', '1', null, 0);
      sweep();
      expect(timers.size).to.equal(0);
    });

    it('stops its timer when it is empty, and starts it again', async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      for (let round = 0; round < 3; round++) {
        await store.write('ada', `round ${round}`, null, '1', 1);
        expect(timers.size).to.equal(1);
        clock.advance(60);
        sweep();
        expect([store.size, timers.size]).to.deep.equal([0, 0]);
      }
    });
  });

  it('does not hold the process', async () => {
    const file = JSON.stringify(join(__dirname, '../../../src/sessions/stores/memory-session-store.js'));
    const script = `const { MemorySessionStore } = require(${file});
      new MemorySessionStore().write('ada', 'a', null, 'one', 3_600_000).then(console.log);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 5000 });
    expect(stdout.trim()).to.equal('true');
  });
});
