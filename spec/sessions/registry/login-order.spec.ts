import { expect } from 'chai';
import { wasRevokedSince } from '../../../src/sessions/registry/login-order';
import { RevocationTimes, revocationTimesOf } from '../../../src/sessions/registry/revocation-times';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';

/** A store that tells these ages of the last revocation, one after the other. */
class Ages extends MemorySessionStore {
  asked: unknown[] = [];

  constructor(private readonly ages: (() => number | null)[]) {
    super();
  }

  override async age(owner: string, name: string): Promise<number | null> {
    this.asked.push([owner, name]);
    return (this.ages.length > 1 ? this.ages.shift() : this.ages[0])?.() ?? null;
  }
}

const closed = (store: MemorySessionStore) => new FailClosedStore(store, { timeout: 1000, onError: () => undefined });
const SECOND = 1000;
const since = (startedAt: number) => performance.now() - startedAt;

describe('a revocation of all logins', () => {
  it('is not asked for by a login that begins now', async () => {
    const store = new Ages([() => 0]);
    expect(await wasRevokedSince(closed(store), 'owner', undefined)).to.equal(false);
    expect(store.asked).to.deep.equal([]);
  });

  it('came after a login began, if it is younger than the login', async () => {
    const store = new Ages([() => 1]);
    expect(await wasRevokedSince(closed(store), 'owner', performance.now() - SECOND)).to.equal(true);
    expect(store.asked).to.deep.equal([['owner', 'revoked']]);
  });

  it('came before, if it is older, or if there was none', async () => {
    for (const age of [60 * SECOND, null]) {
      const store = new Ages([() => age]);
      expect(await wasRevokedSince(closed(store), 'owner', performance.now() - SECOND)).to.equal(false);
      expect(store.asked).to.have.length(1);
    }
  });

  it('is asked for again while the answer leaves it open which came first', async () => {
    const startedAt = performance.now() - SECOND;
    const exactlyThen = () => since(startedAt) - 0.0001; // between the question and the answer
    const store = new Ages([exactlyThen, exactlyThen, () => 60 * SECOND]);
    expect(await wasRevokedSince(closed(store), 'owner', startedAt)).to.equal(false);
    expect(store.asked).to.have.length(3);
  });

  it('counts as one that came after, if the answers leave it open five times', async () => {
    const startedAt = performance.now() - SECOND;
    const store = new Ages([() => since(startedAt) - 0.0001]);
    expect(await wasRevokedSince(closed(store), 'owner', startedAt)).to.equal(true);
    expect(store.asked).to.have.length(5);
  });
});

describe('the times of logins without a record, and of revocations', () => {
  it('are those of the clock, in whole milliseconds', () => {
    const times = new RevocationTimes();
    expect(times.login(1000.7)).to.equal(1000);
    expect(times.revoke(2000)).to.equal(2000);
  });

  it('put a login after the revocation before it, in the same millisecond', () => {
    const times = new RevocationTimes();
    const revoked = times.revoke(1000);
    expect(times.login(1000)).to.be.greaterThan(revoked);
    expect(times.login(900)).to.be.greaterThan(revoked);
  });

  it('put a revocation not before any login, though the clock was set back, and after the last revocation', () => {
    const times = new RevocationTimes();
    times.login(5000);
    times.login(3000);
    const first = times.revoke(1000);
    expect(first).to.equal(5000);
    expect(times.revoke(1000)).to.be.greaterThan(first);
  });

  it('put a login that began before a revocation not after it', () => {
    const times = new RevocationTimes();
    const began = performance.now();
    while (performance.now() === began); // a clock of coarse steps
    const revoked = times.revoke(1000);
    expect(times.login(9000, began)).to.equal(revoked);
    expect(times.login(9000)).to.be.greaterThan(revoked);
  });

  it('put a login at the time when it began', () => {
    const times = new RevocationTimes();
    const began = performance.now() - 2000;
    expect(times.login(10_000, began)).to.be.within(7000, 8000);
  });

  it('are shared by all managers of a store', () => {
    const store = new MemorySessionStore();
    expect(revocationTimesOf(store)).to.equal(revocationTimesOf(store));
    expect(revocationTimesOf(store)).not.to.equal(revocationTimesOf(new MemorySessionStore()));
  });
});
