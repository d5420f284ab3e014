import { LRUCache } from 'lru-cache';
import type { CacheLimits } from '../util/cache-limits';
import { RecentTokens } from './recent-tokens';
import type { VerifiedToken } from './verification-result';

/** Characters of tokens for each allowed entry: longer tokens leave room for fewer entries. */
const CHARACTERS_PER_ENTRY = 1024;

/** Length of the cache key, taken from the end of the signature. */
const KEY_LENGTH = 40;

interface Entry {
  readonly token: string;
  readonly verified: VerifiedToken;
  /** Milliseconds since the epoch. */
  readonly verifiedAt: number;
}

/**
 * Caches valid tokens. Once it is full, it takes only those that came twice within about as many misses as it has
 * entries: others would take the place of a token that is used, and to exchange them costs more than they could ever
 * save if there are many more sessions than entries.
 *
 * An entry is looked up by the end of the token, then the whole tokens are compared, so that no
 * two tokens are mistaken for each other (CVE-2026-35039). Timing reveals only whether the last 40 characters match a
 * cached signature, which an attacker cannot guess without already holding the token.
 */
export class VerifiedTokenCache {
  private readonly entries: LRUCache<string, Entry>;
  private readonly missed: RecentTokens;

  constructor(private readonly limits: CacheLimits) {
    this.entries = new LRUCache({
      max: limits.max,
      maxSize: limits.max * CHARACTERS_PER_ENTRY,
      sizeCalculation: ({ token }) => token.length,
    });
    this.missed = new RecentTokens(limits.max);
  }

  /**
   * Returns a cached token, unless its entry is too old.
   *
   * @param now - Milliseconds since the epoch; NaN finds nothing.
   */
  get(token: string, now: number): VerifiedToken | undefined {
    const key = token.slice(-KEY_LENGTH);
    const entry = this.entries.get(key);
    if (entry?.token !== token) return undefined;
    if (Math.abs(now - entry.verifiedAt) < this.limits.maxAge) return entry.verified;
    this.entries.delete(key);
    return undefined;
  }

  /**
   * Adds a token, or notes that it came.
   *
   * @param token - A valid one, so that it is ASCII.
   */
  add(token: string, verified: VerifiedToken, now: number): void {
    if (!this.hasRoomFor(token) && !this.missed.cameBefore(token)) return;
    const copy = copyString(token);
    this.entries.set(copyString(copy.slice(-KEY_LENGTH)), { token: copy, verified, verifiedAt: now });
  }

  private hasRoomFor({ length }: string): boolean {
    const { size, max, calculatedSize, maxSize } = this.entries;
    return size < max && calculatedSize + length <= maxSize;
  }
}

/** Copies a string, so that V8 does not keep the whole header that it is a part of. */
function copyString(part: string): string {
  return Buffer.from(part, 'latin1').toString('latin1');
}
