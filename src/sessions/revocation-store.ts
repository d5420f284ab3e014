/**
 * Where revocations are kept, so that every server knows of them. Any database can be one; the suite of
 * `routing-controllers-login/testing` tells whether it does it well. Times are in milliseconds since the epoch. Both
 * methods reject where the database cannot be reached; nobody is let in then.
 */
export interface RevocationStore {
  /**
   * Keeps an entry until `expiresAt`; of an entry that is there already the later `at` and `expiresAt`, in one step.
   *
   * @param id - Any text, of any length.
   * @returns True for exactly one of any number of concurrent callers: the one that found no live entry.
   */
  revoke(id: string, at: number, expiresAt: number): Promise<boolean>;

  /** The `at` of each live entry, null where there is none; in the order of the ids. */
  revokedAt(ids: string[]): Promise<(number | null)[]>;
}
