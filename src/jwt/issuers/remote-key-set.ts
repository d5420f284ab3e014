import { ServiceUnavailableError } from '../../errors/service-unavailable-error';
import type { Clock } from '../../util/clock';
import type { MaybePromise } from '../../util/maybe-promise';
import type { FetchedKeys, KeySetSource } from './key-set-source';
import type { PublicKeys } from './public-keys';

/** Milliseconds between two looks for a key that is not known, and between two attempts to renew known keys. */
const COOLDOWN = 30_000;

/** The part of their lifetime after which keys are renewed in the background. */
const RENEWAL = 0.8;

/** Failures in a row after which an issuer of which no key is known is asked once in so many milliseconds. */
const FAILURES_UNTIL_PAUSE = 5;
const PAUSE = 1000;

/** Keys that are known, and since when. */
interface KnownKeys extends FetchedKeys {
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/**
 * The keys of one issuer: fetched once for all who wait, renewed in the background before they are too old, and looked at
 * again for a token of an unknown key. A failure changes nothing: what is known stays in use until the issuer answers.
 */
export class RemoteKeySet {
  /** Another one after a key has gone: what was verified before is verified again. */
  version = {};
  private known: KnownKeys | undefined;
  private pending: Promise<Error | undefined> | undefined;
  private failures = 0;
  private failedAt = Number.NEGATIVE_INFINITY;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: KeySetSource,
    private readonly clock: Clock,
    private readonly onError: (error: Error) => void,
  ) {}

  /**
   * Returns the keys, at once if they are known and not too old.
   *
   * @param now - Milliseconds since the epoch.
   * @throws {@link ServiceUnavailableError}, in a promise, if no key is known.
   */
  current(now: number): MaybePromise<PublicKeys> {
    if (this.known && this.isUsable(now)) return this.known.keys;
    return this.fetchNow(now);
  }

  /** Whether a token that was verified with this version of the keys needs not be verified again. */
  isCurrent(version: object, now: number): boolean {
    return version === this.version && this.isUsable(now);
  }

  /**
   * Looks for a key that is not among the known ones: at once, and then at most every 30 seconds, so that tokens of made-up
   * keys are no way to overwhelm the issuer. Undefined if it is too early. Never rejects.
   */
  lookAgain(now: number): Promise<PublicKeys | undefined> | undefined {
    if (!this.pending) {
      if (isWithin(this.lookedAt, now, COOLDOWN)) return undefined;
      this.lookedAt = now;
    }
    return this.fetchOnce(now).then(() => this.known?.keys);
  }

  private isUsable(now: number): boolean {
    if (!this.known) return false;
    const { fetchedAt, lifetime } = this.known;
    const mayFetch = !isWithin(this.failedAt, now, COOLDOWN);
    if (mayFetch && !isWithin(fetchedAt, now, lifetime * RENEWAL)) void this.fetchOnce(now);
    return !mayFetch || isWithin(fetchedAt, now, lifetime);
  }

  private async fetchNow(now: number): Promise<PublicKeys> {
    const isPaused = !this.known && this.failures >= FAILURES_UNTIL_PAUSE && isWithin(this.failedAt, now, PAUSE);
    const error = isPaused ? new Error(`${this.source.name} failed ${this.failures} times in a row`) : undefined;
    const reason = error ?? (await this.fetchOnce(now));
    if (this.known) return this.known.keys;
    throw new ServiceUnavailableError(undefined, { cause: reason });
  }

  /** Fetches the keys, or waits for those that are being fetched. Returns the error of a failure. */
  private fetchOnce(now: number): Promise<Error | undefined> {
    this.pending ??= this.fetch(now).finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  private async fetch(now: number): Promise<Error | undefined> {
    try {
      const fetched = await this.source.fetch(now);
      if (this.known && !this.known.keys.isWithin(fetched.keys)) this.version = {};
      this.known = { ...fetched, fetchedAt: this.clock() };
      this.failures = 0;
      this.failedAt = Number.NEGATIVE_INFINITY;
      return undefined;
    } catch (cause) {
      this.failures += 1;
      this.failedAt = this.clock();
      const error = new Error(`The keys of ${this.source.name} could not be fetched`, { cause });
      this.onError(error);
      return error;
    }
  }
}

/** Whether a time is less than so many milliseconds away. False for NaN, so that a broken clock keeps nothing. */
function isWithin(since: number, now: number, length: number): boolean {
  return Math.abs(now - since) < length;
}
