import { LRUCache } from 'lru-cache';
import type { VerifiedToken } from './verified-token';

/** How many tokens are remembered, and for how long. */
export interface CacheLimits {
  readonly max: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

/** Characters of token text for each entry that is allowed: long tokens leave room for fewer. */
const CHARACTERS_PER_ENTRY = 1024;

interface Entry {
  readonly verified: VerifiedToken;
  /** Milliseconds since the epoch. */
  readonly verifiedAt: number;
}

/**
 * Tokens that were found good, by their whole text: the map compares it, so that no two tokens are mistaken for each
 * other, whatever their hashes (CVE-2026-35039). How long a look-up takes depends on the hash of the text that the client
 * sent, which is seeded in each process, and on whether that very text is there: it tells nobody who does not have a
 * user's token anything about it.
 */
export class VerifiedTokens {
  private readonly entries: LRUCache<string, Entry>;

  constructor(private readonly limits: CacheLimits) {
    this.entries = new LRUCache({
      max: limits.max,
      maxSize: limits.max * CHARACTERS_PER_ENTRY,
      sizeCalculation: (_, token) => token.length,
    });
  }

  /** @param now - Milliseconds since the epoch. */
  get(token: string, now: number): VerifiedToken | undefined {
    const entry = this.entries.get(token);
    if (!entry) return undefined;
    if (Math.abs(now - entry.verifiedAt) < this.limits.maxAge) return entry.verified;
    this.entries.delete(token);
    return undefined;
  }

  add(token: string, verified: VerifiedToken, now: number): void {
    this.entries.set(copyOf(token), { verified, verifiedAt: now });
  }
}

/** The text itself, without the header that V8 would keep all of for the sake of its part. A good token is ASCII. */
function copyOf(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1');
}
