import ms from 'ms';
import { ConfigurationError } from '../errors/configuration-error';

/**
 * A length of time: seconds as a number, or a string with a unit.
 *
 * @example `900`, `'15m'`, `'12h'`, `'90 s'`, `'500ms'`
 */
export type Duration = number | string;

/** More than 31 years, in seconds. A larger value is most likely a date, or a number of milliseconds. */
const LIKELY_A_DATE = 1e9;

/**
 * Returns a duration in seconds, greater than zero.
 *
 * @param name - The name of the option, for the message.
 * @throws {@link ConfigurationError} for a value that is not a positive length of time.
 */
export function parseDuration(value: Duration, name: string): number {
  const seconds = typeof value === 'string' ? parseUnit(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) {
    throw new ConfigurationError(
      `${name} must be a length of time greater than zero: seconds as a number, or a string with a unit such as '12h', '90 s' or '500ms'; got ${show(value)}`,
    );
  }
  if (seconds >= LIKELY_A_DATE) {
    throw new ConfigurationError(
      `${name} must be a length of time in seconds, and ${show(value)} looks like a date or like milliseconds; for ten days write '10d' or 864000`,
    );
  }
  return seconds;
}

/** Refuses a number without a unit, because `ms` reads it as milliseconds, while numbers are seconds here. */
function parseUnit(value: string): number | undefined {
  if (!/[a-z]\s*$/i.test(value) || value.length > 100) return undefined;
  const milliseconds: number | undefined = ms(value as ms.StringValue);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : String(value);
}
