import { mock } from 'node:test';
import { expect } from 'chai';
import { ServiceUnavailableError } from '../../../src/errors/service-unavailable-error';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import type { SessionStore } from '../../../src/sessions/stores/session-store';
import { rejection } from '../../support/rejection';
import { failures, MoodyStore, STORE_TIMEOUT } from '../../support/stores';
import { refusingUnhandledRejections } from '../../support/unhandled';

const names = ['a', 'b', 'c'];
const HOUR = 3_600_000;

/** A store that fails closed, with a clock that is moved by hand, and what it reported. */
function failClosed(store: SessionStore, timeout = STORE_TIMEOUT) {
  const reported: unknown[] = [];
  const time = { now: 5 };
  const options = { timeout, onError: (error: unknown) => reported.push(error), now: () => time.now };
  return { store: new FailClosedStore(store, options), reported, time };
}

describe('FailClosedStore', () => {
  refusingUnhandledRejections();

  for (const [how, mood] of Object.entries(failures)) {
    it(`makes a ServiceUnavailableError of a store that ${how}`, async () => {
      const moody = new MoodyStore();
      moody.mood = mood;
      const { store, reported } = failClosed(moody);
      for (const question of [
        () => store.read('ada', names),
        () => store.write('ada', 'a', null, 'one', HOUR),
        () => (how === 'answers nothing' ? store.read('ada', ['a', 'b']) : store.age('ada', 'a')),
        () => (how.startsWith('answers too') ? store.age('ada', 'a') : store.list('ada')),
      ]) {
        const error = await rejection(question());
        expect(error).to.be.an.instanceOf(ServiceUnavailableError);
      }
      expect(moody.calls).to.equal(4);
      expect(reported).to.have.length(4);
    });
  }

  describe('that checks', () => {
    const checking = (check: () => unknown) =>
      failClosed(Object.assign(new MoodyStore(), { check: check as SessionStore['read'] }));

    it('returns at once what the store knows', () => {
      const answer = ['1', null, '3'];
      expect(checking(() => answer).store.check('ada', names)).to.equal(answer);
    });

    it('waits for a store that has to look', async () => {
      const { store } = checking(async () => ['1', null, '3']);
      expect(await store.check('ada', names)).to.deep.equal(['1', null, '3']);
    });

    const wrong: Record<string, () => unknown> = {
      'answers too little': () => ['1'],
      'answers something else': () => 'abc',
      'answers values that are none': () => ['1', 2, null],
      throws: () => {
        throw new Error('down');
      },
      rejects: () => Promise.reject(new Error('down')),
    };

    for (const [how, check] of Object.entries(wrong)) {
      it(`makes a ServiceUnavailableError of a store that ${how}, and leaves it alone after five`, async () => {
        let asked = 0;
        const { store, reported } = checking(() => {
          asked++;
          return check();
        });
        for (let time = 0; time < 8; time++) {
          const error = await rejection(Promise.resolve(store.check('ada', names)));
          expect(error).to.be.an.instanceOf(ServiceUnavailableError);
        }
        expect([asked, reported.length]).to.deep.equal([5, 5]);
      });
    }
  });

  describe('tells the developer', () => {
    const question: Record<string, (store: FailClosedStore) => unknown> = {
      read: (store) => store.read('ada', ['a']),
      check: (store) => store.check('ada', ['a']),
      write: (store) => store.write('ada', 'a', null, 'one', HOUR),
      age: (store) => store.age('ada', 'a'),
      list: (store) => store.list('ada'),
    };

    for (const [method, message, wrong] of [
      ['read', 'read() of the store must return a string or null for each name', [7, ['a', 'b'], [7]]],
      ['check', 'check() of the store must return a string or null for each name', [7, ['a', 'b'], [7]]],
      ['write', 'write() of the store must return a boolean', ['true', undefined, 1]],
      ['age', 'age() of the store must return a number of milliseconds or null', ['7', undefined, Number.NaN]],
      [
        'list',
        'list() of the store must return an array of records with a name and a value',
        [
          {},
          undefined,
          [undefined],
          [{ name: 7, value: 'a' }],
          [
            { name: 'a', value: 'a' },
            { name: 'a', value: 7 },
          ],
        ],
      ],
    ] as const) {
      it(`that ${method}() of the store has answered with something else`, async () => {
        for (const answer of wrong) {
          const { store, reported } = failClosed(Object.assign(new MoodyStore(), { [method]: async () => answer }));
          const { cause } = await rejection((async () => question[method]?.(store))());
          expect(cause).to.be.instanceOf(TypeError).with.property('message', message);
          expect(reported).to.deep.equal([cause]);
        }
      });

      it(`what ${method}() of the store has thrown or rejected with`, async () => {
        const reason = new Error('down');
        for (const fail of [
          () => Promise.reject(reason),
          () => {
            throw reason;
          },
        ]) {
          const { store, reported } = failClosed(Object.assign(new MoodyStore(), { [method]: fail }));
          expect((await rejection((async () => question[method]?.(store))())).cause).to.equal(reason);
          expect(reported).to.deep.equal([reason]);
        }
      });
    }

    it('that the store is asked once a second only', async () => {
      const moody = new MoodyStore();
      moody.mood = failures.rejects;
      const { store } = failClosed(moody);
      for (let time = 0; time < 5; time++) await rejection(store.read('ada', names));
      const { cause } = await rejection(store.read('ada', names));
      expect((cause as Error).message).to.equal('The store failed 5 times in a row; it is asked once a second');
    });
  });

  it('tells whether sessions can be listed', () => {
    const moody = new MoodyStore();
    expect(failClosed(moody).store.canList).to.equal(true);
    expect(failClosed(Object.assign(moody, { list: undefined }) as SessionStore).store.canList).to.equal(false);
  });

  it('passes messages on, and listeners', async () => {
    const memory = new MemorySessionStore();
    const { store, reported } = failClosed(memory);
    const heard: string[] = [];
    store.subscribe((message) => heard.push(message));
    await new Promise((resolve) => setImmediate(resolve));
    store.publish('a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).to.deep.equal(['a']);
    expect(reported).to.deep.equal([]);
  });

  it('takes no number that is none, and no record without a value', async () => {
    const moody = new MoodyStore();
    const { store } = failClosed(moody);
    moody.mood = () => Promise.resolve(Number.NaN);
    await rejection(store.age('ada', 'a'));
    moody.mood = () => Promise.resolve([{ name: 'a' }]);
    await rejection(store.list('ada'));
  });

  it('waits no longer than it is told, and leaves no timer', async () => {
    const moody = new MoodyStore();
    moody.mood = failures['never answers'];
    const start = performance.now();
    await rejection(failClosed(moody).store.read('ada', names));
    expect(performance.now() - start).to.be.within(STORE_TIMEOUT - 2, STORE_TIMEOUT + 500);

    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await failClosed(new MoodyStore(), HOUR).store.read('ada', names);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).to.equal(before);
  });

  it('takes a time that is longer than timers can be set to', async () => {
    const slow = new MoodyStore();
    slow.mood = () => new Promise((resolve) => setTimeout(resolve, 20, [null, null, null]));
    expect(await failClosed(slow, 30 * 24 * HOUR).store.read('ada', names)).to.deep.equal([null, null, null]);
  });

  it('passes on what the store answers, an answer that is no promise too', async () => {
    const moody = new MoodyStore();
    const { store } = failClosed(moody);
    expect(await store.write('ada', 'a', null, 'one', HOUR)).to.equal(true);
    expect(await store.read('ada', names)).to.deep.equal(['one', null, null]);
    expect(await store.age('ada', 'a')).to.be.within(0, 1000);
    expect(await store.list('ada')).to.deep.equal([{ name: 'a', value: 'one' }]);
    moody.mood = () => ['one', null, ''];
    expect(await store.read('ada', names)).to.deep.equal(['one', null, '']);
  });

  it('keeps whole milliseconds, at least as many as it is told', async () => {
    const ttls: number[] = [];
    const write = async (...[, , , , ttl]: Parameters<SessionStore['write']>) => ttls.push(ttl) > 0;
    await failClosed(Object.assign(new MoodyStore(), { write })).store.write('ada', 'a', null, 'one', 1.25);
    expect(ttls).to.deep.equal([2]);
  });

  describe('in front of a store that fails again and again', () => {
    /** After five failures in a row. */
    async function broken() {
      const moody = new MoodyStore();
      moody.mood = failures.rejects;
      const parts = failClosed(moody);
      for (let time = 0; time < 5; time++) await rejection(parts.store.read('ada', names));
      moody.calls = 0;
      return { moody, ...parts };
    }

    it('asks it five times in a row', async () => {
      const moody = new MoodyStore();
      moody.mood = failures.rejects;
      const { store } = failClosed(moody);
      for (let time = 0; time < 50; time++) await rejection(store.read('ada', names));
      expect(moody.calls).to.equal(5);
    });

    it('answers 503 at once, without a question and without a report', async () => {
      const { moody, store, reported } = await broken();
      moody.mood = failures['never answers'];
      const start = performance.now();
      for (const question of [
        () => store.read('ada', names),
        () => store.write('ada', 'a', null, 'one', HOUR),
        () => store.age('ada', 'a'),
        () => store.list('ada'),
      ])
        expect(await rejection(question())).to.be.an.instanceOf(ServiceUnavailableError);
      expect(performance.now() - start).to.be.below(STORE_TIMEOUT);
      expect(moody.calls).to.equal(0);
      expect(reported).to.have.length(5);
    });

    it('has one of many requests ask it again after a second', async () => {
      const { moody, store, time } = await broken();
      const ask = () => Promise.all(Array.from({ length: 20 }, () => rejection(store.read('ada', names))));
      time.now += 999;
      await ask();
      expect(moody.calls).to.equal(0);
      time.now += 1;
      await ask();
      expect(moody.calls).to.equal(1);
      time.now += 999;
      await ask();
      expect(moody.calls).to.equal(1);
      time.now += 1;
      await ask();
      expect(moody.calls).to.equal(2);
    });

    it('lets the others wait for the next second while that one has no answer', async () => {
      const { moody, store, time } = await broken();
      moody.mood = failures['never answers'];
      time.now += 1000;
      const attempt = rejection(store.read('ada', names));
      await rejection(store.read('ada', names));
      await attempt;
      expect(moody.calls).to.equal(1);
    });

    it('asks as always once it has answered', async () => {
      const { moody, store, time } = await broken();
      moody.mood = undefined;
      time.now += 1000;
      await Promise.all([store.read('ada', names), rejection(store.read('ada', names))]);
      await Promise.all(Array.from({ length: 20 }, () => store.read('ada', names)));
      expect(moody.calls).to.equal(21);
    });

    it('counts failures in a row alone', async () => {
      const moody = new MoodyStore();
      const { store } = failClosed(moody);
      for (let time = 0; time < 20; time++) {
        moody.mood = time % 5 === 4 ? undefined : failures.rejects;
        await store.read('ada', names).catch(() => undefined);
      }
      expect(moody.calls).to.equal(20);
    });
  });

  it('reports a message that was not sent, and a subscription that failed, and throws neither', async () => {
    const fail = (): never => {
      throw new Error('down');
    };
    const store = Object.assign(new MoodyStore(), { publish: fail, subscribe: () => Promise.reject(new Error('no')) });
    const parts = failClosed(store);
    parts.store.publish('a');
    parts.store.subscribe(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(parts.reported.map((error) => (error as Error).message)).to.have.members(['down', 'no']);
  });

  it('subscribes again half a minute after it could not, once the store answers', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let tries = 0;
      const heard: string[] = [];
      const subscribe = async (listener: (message: string) => void) => {
        if (++tries < 3) throw new Error('down');
        listener('there');
        return async () => undefined;
      };
      const moody = new MoodyStore();
      const { store, reported } = failClosed(Object.assign(moody, { subscribe }));
      const afterHalfAMinute = async () => {
        mock.timers.tick(30_000);
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      };
      store.subscribe((message) => heard.push(message));
      await new Promise((resolve) => setImmediate(resolve));
      moody.mood = failures.rejects;
      await afterHalfAMinute();
      expect(tries, 'while the store does not answer').to.equal(1);
      moody.mood = undefined;
      for (let time = 0; time < 4; time++) await afterHalfAMinute();
      expect([tries, heard, reported.length]).to.deep.equal([3, ['there'], 1]);
    } finally {
      mock.timers.reset();
    }
  });

  it('has no message for a store that cannot send any', async () => {
    const { store, reported } = failClosed(new MoodyStore());
    store.publish('a');
    store.subscribe(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reported).to.deep.equal([]);
  });
});
