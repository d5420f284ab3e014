import { expect } from 'chai';
import { ServiceUnavailableError } from '../../../src/errors/service-unavailable-error';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { rejection } from '../../support/rejection';
import { failures, MoodyStore, STORE_TIMEOUT } from '../../support/stores';
import { refusingUnhandledRejections } from '../../support/unhandled';

const ids = ['a', 'b', 'c'];

describe('GuardedStore', () => {
  refusingUnhandledRejections();

  for (const [how, mood] of Object.entries(failures)) {
    it(`makes a ServiceUnavailableError of a store that ${how}`, async () => {
      const moody = new MoodyStore();
      moody.mood = mood;
      const store = new FailClosedStore(moody, STORE_TIMEOUT);
      for (const question of [() => store.revokedAt(ids), () => store.revoke('a', 1, Date.now() + 1000)]) {
        const error = await rejection(question());
        expect(error).to.be.an.instanceOf(ServiceUnavailableError);
        expect(error.cause).to.be.an.instanceOf(Error);
      }
      expect(moody.calls).to.equal(2);
    });
  }

  it('waits no longer than it is told, and leaves no timer', async () => {
    const moody = new MoodyStore();
    moody.mood = failures['never answers'];
    const start = performance.now();
    await rejection(new FailClosedStore(moody, STORE_TIMEOUT).revokedAt(ids));
    expect(performance.now() - start).to.be.within(STORE_TIMEOUT - 2, STORE_TIMEOUT + 500);

    moody.mood = undefined;
    await new FailClosedStore(moody, 3_600_000).revokedAt(ids);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).to.be.at.most(1); // mocha's
  });

  it('takes a time that is longer than timers can be set to', async () => {
    const store = new FailClosedStore(new MoodyStore(), 30 * 24 * 3_600_000);
    const slow = new MoodyStore();
    slow.mood = () => new Promise((resolve) => setTimeout(resolve, 20, [null, null, null]));
    expect(await new FailClosedStore(slow, 30 * 24 * 3_600_000).revokedAt(ids)).to.deep.equal([null, null, null]);
    expect(await store.revokedAt(ids)).to.deep.equal([null, null, null]);
  });

  it('passes on what the store answers, an answer that is no promise too', async () => {
    const moody = new MoodyStore();
    const store = new FailClosedStore(moody, STORE_TIMEOUT);
    expect(await store.revoke('a', 7, Date.now() + 60_000)).to.equal(true);
    expect(await store.revokedAt(ids)).to.deep.equal([7, null, null]);
    moody.mood = () => [1, null, 2.5];
    expect(await store.revokedAt(ids)).to.deep.equal([1, null, 2.5]);
  });
});
