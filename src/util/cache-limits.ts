import { ConfigurationError } from '../errors/configuration-error';
import { type Duration, parseDuration } from './duration';

import { assertKnownKeys } from './validate';

/** Room for all entries is made at once, and V8 has none for many more. */
const MOST_ENTRIES = 2 ** 24;

/** @throws {@link ConfigurationError} for limits that cannot be kept to. */
export function parseTokenCache(limits: { max?: number; maxAge?: Duration } | false = {}): CacheLimits | undefined {
  return limits === false ? undefined : parseCache(limits, 'verifiedTokenCache', { max: 10_000, maxAge: '5m' });
}

/** @throws {@link ConfigurationError} likewise. */
export function parseCache(
  limits: { max?: number; maxAge?: Duration },
  name: string,
  defaults: { max?: number; maxAge?: Duration } = {},
): CacheLimits {
  if (typeof limits !== 'object' || limits === null) {
    throw new ConfigurationError(
      `${name} must be an object such as { max: 1000, maxAge: '10s' }; leave it out for the default`,
    );
  }
  assertKnownKeys(limits, ['max', 'maxAge'], name);
  const { max, maxAge } = { ...defaults, ...limits };
  if (max === undefined || !Number.isSafeInteger(max) || max < 1 || max > MOST_ENTRIES) {
    throw new ConfigurationError(`${name}.max must be a whole number of entries, from 1 to ${MOST_ENTRIES}`);
  }
  return Object.freeze({ max, maxAge: parseDuration(maxAge as Duration, `${name}.maxAge`) * 1000 });
}

/** How many tokens are remembered, and for how long. */
export interface CacheLimits {
  readonly max: number;
  /** Milliseconds. */
  readonly maxAge: number;
}
