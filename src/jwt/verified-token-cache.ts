import { LRUCache } from 'lru-cache';
import type { CacheLimits } from '../util/cache-limits';
import type { VerifiedToken } from './verify-token';

/** Characters of token text for each entry that is allowed: long tokens leave room for fewer. */
const CHARACTERS_PER_ENTRY = 1024;

/** What of a token its entry is looked up by: enough of a signature to tell tokens apart, and quickly hashed. */
const KEY_LENGTH = 40;

interface Entry {
  readonly token: string;
  readonly verified: VerifiedToken;
  /** Milliseconds since the epoch. */
  readonly verifiedAt: number;
}

/**
 * Tokens that were found good, by their whole text: an entry is looked up by the token's end, and then the texts are
 * compared, so that no two tokens are mistaken for each other, whatever their hashes (CVE-2026-35039). How long that
 * takes depends on the text that the client sent, on a hash that is seeded in each process, and on whether the end of a
 * good signature is there, which nobody guesses: it tells nobody who does not have a user's token anything about it.
 */
export class VerifiedTokenCache {
  private readonly entries: LRUCache<string, Entry>;

  constructor(private readonly limits: CacheLimits) {
    this.entries = new LRUCache({
      max: limits.max,
      maxSize: limits.max * CHARACTERS_PER_ENTRY,
      sizeCalculation: ({ token }) => token.length,
    });
  }

  /** @param now - Milliseconds since the epoch. */
  get(token: string, now: number): VerifiedToken | undefined {
    const key = token.slice(-KEY_LENGTH);
    const entry = this.entries.get(key);
    if (entry?.token !== token) return undefined;
    if (Math.abs(now - entry.verifiedAt) < this.limits.maxAge) return entry.verified;
    this.entries.delete(key);
    return undefined;
  }

  /** @param token - A good one, so that it is ASCII. */
  add(token: string, verified: VerifiedToken, now: number): void {
    const own = copyOf(token);
    this.entries.set(copyOf(own.slice(-KEY_LENGTH)), { token: own, verified, verifiedAt: now });
  }
}

/** The text itself, without the header that V8 would keep all of for the sake of its part. */
function copyOf(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1');
}
