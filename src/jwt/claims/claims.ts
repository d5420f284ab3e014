import { ConfigurationError } from '../../errors/configuration-error';
import type { Clock } from '../../util/clock';
import type { TokenPayload } from '../token-payload';
import type { TokenProfile } from '../token-type';

/** The rules for the claims of a token. */
export interface ClaimOptions {
  readonly issuer: string | undefined;
  /** The names of this API; undefined if tokens must not have an `aud`. */
  readonly audience: readonly string[] | undefined;
  /** How far clocks may differ, in seconds. */
  readonly clockTolerance: number;
  /** The largest age of an access token, in seconds; undefined if only `exp` ends it. */
  readonly maxTokenAge: number | undefined;
  readonly tokenProfile: TokenProfile | undefined;
  readonly acceptClaims: ((payload: TokenPayload) => boolean) | undefined;
  readonly clock: Clock;
}

/** Returns which claim is not as it must be at any time (RFC 7519 §4.1), or undefined if all are. */
export function findClaimProblem(
  claims: Record<string, unknown>,
  { issuer, audience }: Pick<ClaimOptions, 'issuer' | 'audience'>,
): string | undefined {
  const { sub, exp, nbf, iat, iss, aud } = claims;
  if (!Number.isFinite(exp)) return 'claims: exp must be a number';
  if (nbf !== undefined && !Number.isFinite(nbf)) return 'claims: nbf must be a number';
  if (iat !== undefined && !Number.isFinite(iat)) return 'claims: iat must be a number';
  if (!isSubject(sub)) return 'claims: sub must be a non-empty string';
  if (issuer !== undefined && iss !== issuer) return 'issuer';
  return isForAudience(aud, audience) ? undefined : 'audience';
}

/** Whether a value is a non-empty string, as RFC 7519 §4.1.2 has it, or a safe integer, as some issuers write. */
export function isSubject(sub: unknown): sub is string | number {
  return typeof sub === 'string' ? sub !== '' : Number.isSafeInteger(sub);
}

/** A token with an `aud` is for those it names alone: for nobody who has no name (RFC 7519 §4.1.3). */
function isForAudience(aud: unknown, audience: readonly string[] | undefined): boolean {
  if (audience === undefined) return aud === undefined;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.some((one) => typeof one === 'string' && audience.includes(one));
}

/** Parses the option `audience`. @throws {@link ConfigurationError} for anything but non-empty strings. */
export function parseAudience(audience: string | readonly string[] | undefined): readonly string[] | undefined {
  if (audience === undefined) return undefined;
  const audiences = typeof audience === 'string' ? [audience] : audience;
  if (
    Array.isArray(audiences) &&
    audiences.length > 0 &&
    audiences.every((one) => typeof one === 'string' && one !== '')
  )
    return Object.freeze([...audiences]);
  throw new ConfigurationError('audience must be a non-empty string, or a non-empty array of them', {
    section: 'issuers',
  });
}

/** Parses the option `clockTolerance`. @throws {@link ConfigurationError} for anything but a number from zero. */
export function parseTolerance(seconds = 0): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new ConfigurationError('clockTolerance must be a number of seconds, zero or more');
}
