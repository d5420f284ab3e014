import { expect } from 'chai';
import { CheckCache } from '../../../src/sessions/stores/check-cache';
import { rejection } from '../../support/rejection';

/** A cache of one second, and a store that counts. */
function caching() {
  const clock = { now: 0 };
  const cache = new CheckCache(1000, () => clock.now);
  let asked = 0;
  const ask = async () => [`${++asked}`];
  const check = async (owner = 'ada', names = ['epoch']) => (await cache.get(owner, names, ask))[0];
  return { clock, cache, check };
}

type Check = ReturnType<typeof caching>['check'];

describe('checks that are kept', () => {
  it('answer equal checks until their time has passed since the store was asked', async () => {
    const { clock, check } = caching();
    const answers = [await check()];
    for (const now of [1, 999, 1000, 1999, 2000]) {
      clock.now = now;
      answers.push(await check());
    }
    expect(answers).to.deep.equal(['1', '1', '1', '2', '2', '3']);
  });

  it('answer those that come while the store is asked', async () => {
    const { check } = caching();
    expect(await Promise.all([check(), check(), check()])).to.deep.equal(['1', '1', '1']);
  });

  it('answer at once when the store has answered', async () => {
    const { cache } = caching();
    await cache.get('ada', ['epoch'], async () => ['1']);
    expect(cache.get('ada', ['epoch'], async () => ['2'])).to.deep.equal(['1']);
  });

  it('are those of one owner and of the same names', async () => {
    const { check } = caching();
    expect([await check('ada'), await check('bob'), await check('ada', ['epoch', 'other'])]).to.deep.equal([
      '1',
      '2',
      '3',
    ]);
  });

  it('are forgotten with their owner, those under way too', async () => {
    const { cache, check } = caching();
    const early = check();
    cache.forget('ada');
    expect([await early, await check()]).to.deep.equal(['1', '2']);
  });

  it('are no failures', async () => {
    const { cache } = caching();
    const failing = async () => cache.get('ada', ['epoch'], () => Promise.reject(new Error('down')));
    await rejection(failing());
    expect(await cache.get('ada', ['epoch'], async () => ['up'])).to.deep.equal(['up']);
  });

  it('are those of many tokens of one owner, as of a service that logs in often', async () => {
    const { check } = caching();
    for (let token = 0; token < 1000; token++) await check('ada', [`token ${token}`]);
    expect(await check('ada', ['token 0'])).to.equal('1');
  });

  for (const [what, ask] of [
    ['tokens of one owner', (check: Check, index: number) => check('ada', [`token ${index}`])],
    ['owners', (check: Check, index: number) => check(`owner ${index}`)],
  ] as const) {
    it(`are not many, however many ${what} come`, async () => {
      const { check } = caching();
      for (let index = 0; index < 20_001; index++) await ask(check, index);
      expect(await ask(check, 20_000)).to.equal('20001');
      expect(await ask(check, 0)).to.equal('20002');
    });
  }

  it('make room when their owner is forgotten', async () => {
    const { cache, check } = caching();
    await check('bob');
    for (let index = 0; index < 20_000; index++) {
      await check('ada', [`token ${index}`]);
      cache.forget('ada');
    }
    expect(await check('bob')).to.equal('1');
  });

  it('are kept by the clock of the process, if no other is given', async () => {
    const cache = new CheckCache(60_000);
    await cache.get('ada', ['epoch'], async () => ['1']);
    expect(await cache.get('ada', ['epoch'], async () => ['2'])).to.deep.equal(['1']);
  });

  it('are not mixed up where names are parts of each other', async () => {
    const { check } = caching();
    expect([await check('ada', ['ab', 'c']), await check('ada', ['a', 'bc'])]).to.deep.equal(['1', '2']);
  });

  it('are not forgotten for the failure of an older one', async () => {
    const { clock, cache } = caching();
    let fail = (_error: Error) => {};
    const slow = cache.get('ada', ['epoch'], () => new Promise((_, reject) => (fail = reject)));
    clock.now = 1000;
    await cache.get('ada', ['epoch'], async () => ['2']);
    fail(new Error('down'));
    await rejection(Promise.resolve(slow));
    expect(await cache.get('ada', ['epoch'], async () => ['3'])).to.deep.equal(['2']);
  });

  it('may be those of nobody, when an owner is forgotten', async () => {
    const { cache, check } = caching();
    await check('ada');
    cache.forget('bob');
    expect(await check('ada')).to.equal('1');
  });

  it('are ten thousand, and all of them begin anew with one more', async () => {
    const { check } = caching();
    for (let index = 0; index < 10_000; index++) await check(`owner ${index}`);
    expect(await check('owner 0')).to.equal('1');
    await check('one more');
    expect(await check('owner 0')).to.equal('10002');
  });
});
