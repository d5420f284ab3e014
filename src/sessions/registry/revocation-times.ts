import type { SessionStore } from '../stores/session-store';

/**
 * The order of revocations and of tokens without a record, within one process. Such tokens are made synchronously, so
 * the store cannot be asked; all managers of one store object share the order.
 */
export class RevocationTimes {
  private lastLoginAt = 0;
  private lastRevokedAt = 0;
  /** When that was, by `performance.now()`, which no clock of a test stops. */
  private revokedAfter = Number.NEGATIVE_INFINITY;

  /**
   * Returns the time of a login: later than every revocation before it began, within one millisecond too, and not later
   * than one since.
   *
   * @param startedAt - When it began, by `performance.now()`; default: now.
   */
  login(now: number, startedAt?: number): number {
    const called = performance.now();
    const began = startedAt ?? called;
    if (began < this.revokedAfter) return this.lastRevokedAt;
    const time = Math.max(Math.floor(now - (called - began)), this.lastRevokedAt + 1);
    this.lastLoginAt = Math.max(this.lastLoginAt, time);
    return time;
  }

  /** Returns the time of a revocation that happens now: not earlier than any login before, later than any revocation. */
  revoke(now: number): number {
    this.lastRevokedAt = Math.max(now, this.lastLoginAt, this.lastRevokedAt + 1);
    this.revokedAfter = performance.now();
    return this.lastRevokedAt;
  }
}

const ofStores = new WeakMap<SessionStore, RevocationTimes>();

/** Returns the times of a store, which all managers of this process share that have it. */
export function revocationTimesOf(store: SessionStore): RevocationTimes {
  const times = ofStores.get(store) ?? new RevocationTimes();
  ofStores.set(store, times);
  return times;
}
