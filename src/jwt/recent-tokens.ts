/** Characters of a signature that tell it from others: each has 6 bits, but for the last one. */
const CHARACTERS = 6;

/**
 * Remembers about as many tokens as it has places, each by 32 bits of its signature. One whose place another token has
 * taken since is forgotten, so that what came long ago does not count.
 */
export class RecentTokens {
  private readonly places: Uint32Array;

  constructor(count: number) {
    this.places = new Uint32Array(count);
  }

  /** Returns whether a token came before, and remembers it. */
  cameBefore(token: string): boolean {
    let hash = 0;
    for (let end = 2; end <= CHARACTERS + 1; end++)
      hash = Math.imul(hash, 67) + (token.charCodeAt(token.length - end) | 0);
    const place = (hash >>> 0) % this.places.length;
    const isKnown = this.places[place] === hash >>> 0;
    this.places[place] = hash;
    return isKnown;
  }
}
