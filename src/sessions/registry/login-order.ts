import type { FailClosedStore } from '../stores/fail-closed-store';
import { REVOKED } from './session-record';

/** How often the store is asked before a login is refused because its answers were too slow to tell. */
const ATTEMPTS = 5;

/**
 * Returns whether all logins of a user were revoked after a login had begun: while its password was being verified. The
 * time since the revocation is the store's, the time since the beginning is this process's, so it does not matter whether
 * the clocks of servers agree.
 *
 * @param startedAt - When the login began, by `performance.now()`; undefined if it begins now.
 */
export async function wasRevokedSince(
  store: FailClosedStore,
  owner: string,
  startedAt: number | undefined,
): Promise<boolean> {
  if (startedAt === undefined) return false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const asked = performance.now() - startedAt;
    const age = await store.age(owner, REVOKED);
    const answered = performance.now() - startedAt;
    // The store measured the age somewhere between the two times; only outside of them the order is certain.
    if (age === null || age >= answered) return false;
    if (age <= asked) return true;
  }
  return true;
}
