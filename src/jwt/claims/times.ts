import { expired, invalid, type TokenTimes, type VerificationFailure } from '../verification-result';
import type { ClaimOptions } from './claims';

/** The rules for the times of a token. */
export type TimeOptions = Pick<ClaimOptions, 'clockTolerance' | 'maxTokenAge'>;

/**
 * Checks the times of a token (RFC 7519 §4.1.4, §4.1.5). Returns undefined if they are right. Each comparison denies
 * if it is false, so a time that is not a number denies.
 *
 * @param now - Milliseconds since the epoch.
 */
export function checkTimes(
  { exp, nbf, iat }: TokenTimes,
  now: number,
  { clockTolerance, maxTokenAge }: TimeOptions,
): VerificationFailure | undefined {
  const latest = now / 1000 + clockTolerance;
  const earliest = now / 1000 - clockTolerance;
  const broken = checkClock(now);
  if (broken) return broken;
  if (nbf !== undefined && !(nbf <= latest)) return invalid(`not before ${formatTime(nbf)}`);
  if (!(earliest < exp)) return expired(`expired since ${formatTime(exp)}`);
  return maxTokenAge === undefined ? undefined : checkAge(iat, earliest, latest, maxTokenAge);
}

/** Refuses any token while the clock gives no time. */
export function checkClock(now: number): VerificationFailure | undefined {
  return Number.isFinite(now) ? undefined : invalid('clock: the option clock returned no finite number');
}

function checkAge(
  iat: number | undefined,
  earliest: number,
  latest: number,
  maxTokenAge: number,
): VerificationFailure | undefined {
  if (iat === undefined) return invalid('claims: iat is required by the option maxTokenAge');
  if (!(iat <= latest)) return invalid(`issued in the future, at ${formatTime(iat)}`);
  return earliest < iat + maxTokenAge
    ? undefined
    : expired(`older than maxTokenAge since ${formatTime(iat + maxTokenAge)}`);
}

function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString();
}
