import type { Awaitable } from '../../util/maybe-promise';

/**
 * Keeps the records of sessions, so that every server knows which have ended. Any database can be a store: it keeps
 * short strings, identified by an owner and a name, and replaces one only if it still has the value that the caller
 * expects. Only the library interprets the contents of the strings.
 *
 * `sessionStoreContract` of `routing-controllers-login/testing` tests an implementation. Every method must reject if the
 * database cannot be reached; requests with a valid token are then answered with 503.
 *
 * @example
 * ```sql
 * CREATE TABLE login_records (
 *   owner TEXT, name TEXT, value TEXT NOT NULL, written_at REAL NOT NULL, expires_at REAL NOT NULL, PRIMARY KEY (owner, name)
 * )
 * ```
 */
export interface SessionStore {
  /**
   * Returns the values of records, in the order of their names, with null for a record that is absent or expired. It is
   * called for each request of a login, unless there is `check`, so it should take one round trip.
   *
   * @param owner - At most 50 characters of `A-Z a-z 0-9 _ -`. All records of one user have the same owner.
   * @param names - At most 100 characters of printable ASCII each.
   */
  read(owner: string, names: readonly string[]): Promise<(string | null)[]>;

  /**
   * Reads as `read` does, to check whether a login has ended. Unlike `read` it may return slightly outdated values, so
   * that not every request waits for the database. Without this method `read` is called.
   */
  check?(owner: string, names: readonly string[]): Awaitable<(string | null)[]>;

  /**
   * Replaces a record in one atomic step, if its value is the expected one. Of any number of concurrent callers that
   * expect the same value, exactly one succeeds.
   *
   * @param expected - The value that the record must have; null if it must be absent or expired.
   * @param value - The new value, at most 2,000 characters; null removes the record.
   * @param ttl - How long the record must be kept, in milliseconds from now. It may then disappear at any time.
   * @returns Whether the record was replaced.
   */
  write(owner: string, name: string, expected: string | null, value: string | null, ttl: number): Promise<boolean>;

  /**
   * Returns how long ago a record was last written, in milliseconds by the store's own clock and with fractions if it
   * can; null for a record that is absent or expired. It tells a login that began before `revokeAll` from one that began
   * after it, on servers whose clocks differ.
   */
  age(owner: string, name: string): Promise<number | null>;

  /**
   * Returns all records of an owner that have not expired. Without this method `sessions()` and the option `maxSessions`
   * are refused.
   */
  list?(owner: string): Promise<StoredRecord[]>;

  /**
   * Sends a message to the other processes that use the store; best effort. With `subscribe`, a user whom one process
   * forgets, or whose logins it revokes, is soon gone from the user caches of the others.
   */
  publish?(message: string): Promise<void>;

  /** Calls the listener for each message that any process publishes. Returns a function that ends the subscription. */
  subscribe?(listener: (message: string) => void): Promise<() => Promise<void>>;
}

/** A record as `list` returns it. */
export interface StoredRecord {
  readonly name: string;
  readonly value: string;
}
