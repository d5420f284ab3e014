import { ConfigurationError } from '../errors/configuration-error';
import type { Clock } from '../util/clock';
import type { TokenPayload } from './token-payload';

/** What a token must say, beside being signed. */
export interface ClaimOptions {
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
  /** Seconds that clocks may differ. */
  readonly clockTolerance: number;
  readonly clock: Clock;
}

/** Whether the claims are what they must be at any time (RFC 7519 §4.1). */
export function validateClaims(claims: Record<string, unknown>, rules: ClaimOptions): claims is TokenPayload {
  return isWellFormed(claims) && isMeantForUs(claims, rules);
}

/**
 * What is wrong with acceptable claims now (RFC 7519 §4.1.4, §4.1.5), or undefined where nothing is.
 *
 * @param now - Milliseconds since the epoch.
 */
export function checkTimes(
  { exp, nbf }: TokenPayload,
  now: number,
  { clockTolerance }: ClaimOptions,
): 'token_expired' | 'token_invalid' | undefined {
  if (nbf !== undefined && now / 1000 + clockTolerance < nbf) return 'token_invalid';
  return now / 1000 - clockTolerance >= exp ? 'token_expired' : undefined;
}

function isWellFormed(claims: Record<string, unknown>): claims is TokenPayload {
  const { sub, exp, nbf, iat } = claims;
  if (!Number.isFinite(exp)) return false;
  if (nbf !== undefined && !Number.isFinite(nbf)) return false;
  if (iat !== undefined && !Number.isFinite(iat)) return false;
  return isSubject(sub);
}

/** A non-empty string, as RFC 7519 §4.1.2 has it, or a safe integer, as some issuers write. */
export function isSubject(sub: unknown): sub is string | number {
  return typeof sub === 'string' ? sub !== '' : Number.isSafeInteger(sub);
}

/** `iss` is one string, compared whole; `aud` one or a list (RFC 7519 §4.1.1, §4.1.3). */
function isMeantForUs({ iss, aud }: TokenPayload, { issuer, audience }: ClaimOptions): boolean {
  if (issuer !== undefined && iss !== issuer) return false;
  if (audience === undefined) return true;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.some((one) => typeof one === 'string' && audience.includes(one));
}

/** @throws {@link ConfigurationError} for anything but text, or texts, that are not empty. */
export function parseAudience(audience: string | readonly string[] | undefined): readonly string[] | undefined {
  if (audience === undefined) return undefined;
  const audiences = typeof audience === 'string' ? [audience] : audience;
  if (
    Array.isArray(audiences) &&
    audiences.length > 0 &&
    audiences.every((one) => typeof one === 'string' && one !== '')
  )
    return Object.freeze([...audiences]);
  throw new ConfigurationError('audience must be text, or a list of texts, none of them empty');
}

/** Seconds. @throws {@link ConfigurationError} for anything but a number that is not negative. */
export function parseTolerance(seconds = 0): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new ConfigurationError('clockTolerance must be a number of seconds, zero or more');
}
