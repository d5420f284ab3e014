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
    const failing = () => cache.get('ada', ['epoch'], () => Promise.reject(new Error('down')));
    await rejection(failing());
    expect(await cache.get('ada', ['epoch'], async () => ['up'])).to.deep.equal(['up']);
  });

  it('are few of one owner, however many tokens of theirs come', async () => {
    const { check } = caching();
    for (let token = 0; token < 1000; token++) await check('ada', [`token ${token}`]);
    expect(await check('ada', ['token 0'])).to.equal('1001');
  });

  it('are those of few owners, however many come', async () => {
    const { check } = caching();
    for (let owner = 0; owner < 20_000; owner++) await check(`owner ${owner}`);
    expect(await check('owner 19999')).to.equal('20000');
    expect(await check('owner 0')).to.equal('20001');
  });
});
