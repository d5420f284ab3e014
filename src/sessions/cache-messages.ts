import { isSubject } from '../jwt/claims/claims';
import type { UserCache } from '../users/user-cache';
import { invalidArgument } from '../util/validate-arguments';
import type { FailClosedStore } from './stores/fail-closed-store';

/**
 * Has users loaded again, in the other processes that share the store too. The latter is best effort: `userCache.maxAge`
 * stays the longest time that a change is not seen.
 */
export class CacheMessages {
  /** @param store - Undefined if no other process can be told. */
  constructor(
    private readonly userCache: UserCache | undefined,
    private readonly store: FailClosedStore | undefined,
  ) {
    if (userCache) store?.subscribe((message) => this.receive(message));
  }

  /**
   * Drops a user from the cache of this process, and tells the others.
   *
   * @throws {@link ConfigurationError} for what is no subject.
   */
  forget(sub: string | number): void {
    if (!isSubject(sub)) throw invalidArgument('forgetUser() requires a subject: a non-empty string or a safe integer');
    this.userCache?.forget(sub);
    this.store?.publish(JSON.stringify({ forget: sub }));
  }

  private receive(message: string): void {
    const sub = parseMessage(message);
    if (sub !== undefined) this.userCache?.forget(sub);
  }
}

function parseMessage(message: unknown): string | number | undefined {
  try {
    const { forget } = JSON.parse(String(message)) as { forget?: unknown };
    return isSubject(forget) ? forget : undefined;
  } catch {
    return undefined;
  }
}
