import ms from 'ms';
import { ConfigurationError } from '../errors/configuration-error';

/** A length of time: seconds as a number, or text with its unit such as `'12h'`, `'90 s'`, `'500ms'`. */
export type Duration = number | string;

/** Longer than 31 years: nobody's lifetime of a token, but what `Date.now()` gives, in seconds or in milliseconds. */
const LIKELY_A_DATE = 1e9;

/**
 * @param name - What the duration is of, for the message.
 * @returns Seconds, greater than 0.
 * @throws {@link ConfigurationError} for what is no positive length of time.
 */
export function parseDuration(value: Duration, name: string): number {
  const seconds = typeof value === 'string' ? parseText(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) {
    throw new ConfigurationError(
      `${name} must be a length of time greater than zero: seconds as a number, or text with a unit such as '12h', '90 s' or '500ms'; got ${show(value)}`,
    );
  }
  if (seconds >= LIKELY_A_DATE) {
    throw new ConfigurationError(
      `${name} must be a length of time in seconds, and ${show(value)} looks like a date or like milliseconds; for ten days write '10d' or 864000`,
    );
  }
  return seconds;
}

/** A number without a unit is refused: `ms` would read it as milliseconds, everything else here is in seconds. */
function parseText(text: string): number | undefined {
  if (!/[a-z]\s*$/i.test(text) || text.length > 100) return undefined;
  const milliseconds: number | undefined = ms(text as ms.StringValue);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : String(value);
}
