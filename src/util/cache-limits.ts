import { ConfigurationError } from '../errors/configuration-error';
import { type Duration, parseDuration } from './duration';
import { copyOwnProperties } from './own-properties';
import { assertKnownKeys } from './validate';

/** The cache allocates room for all entries at once, and V8 cannot allocate many more. */
const MOST_ENTRIES = 2 ** 24;

/**
 * Parses the option `verifiedTokenCache`; undefined if it is false.
 *
 * @throws {@link ConfigurationError} for limits that no cache can have.
 */
export function parseTokenCache(limits: { max?: number; maxAge?: Duration } | false = {}): CacheLimits | undefined {
  return limits === false ? undefined : parseCache(limits, 'verifiedTokenCache', { max: 10_000, maxAge: '5m' });
}

/**
 * Parses the limits of a cache.
 *
 * @param name - The name of the option, for the message.
 * @throws {@link ConfigurationError} for limits that no cache can have.
 */
export function parseCache(
  limits: { max?: number; maxAge?: Duration },
  name: string,
  defaults: { max?: number; maxAge?: Duration } = {},
): CacheLimits {
  if (typeof limits !== 'object' || limits === null) {
    throw new ConfigurationError(
      `${name} must be an object such as { max: 1000, maxAge: '10s' }, or omitted for the default`,
    );
  }
  assertKnownKeys(limits, ['max', 'maxAge'], name);
  const { max, maxAge }: typeof limits = copyOwnProperties({ ...defaults, ...limits });
  if (max === undefined || !Number.isSafeInteger(max) || max < 1 || max > MOST_ENTRIES) {
    throw new ConfigurationError(`${name}.max must be a whole number of entries, from 1 to ${MOST_ENTRIES}`);
  }
  return Object.freeze({ max, maxAge: parseDuration(maxAge as Duration, `${name}.maxAge`) * 1000 });
}

/** The limits of a cache. */
export interface CacheLimits {
  /** Number of entries. */
  readonly max: number;
  /** Lifetime of an entry, in milliseconds. */
  readonly maxAge: number;
}
