import { ConfigurationError } from '../../errors/configuration-error';
import { parseChoice } from '../../util/validate';
import type { TokenProfile } from '../token-type';

/** The claims that RFC 9068 §2.2 requires to be strings. */
const REQUIRED_STRINGS = ['iss', 'sub', 'client_id', 'jti'];

/** The claims that RFC 9068 §2.2 requires to be numbers. */
const REQUIRED_NUMBERS = ['exp', 'iat'];

/** Returns the claim that a token needs for RFC 9068 §2.2 and does not have, or undefined. */
export function findMissingClaim(claims: Record<string, unknown>): string | undefined {
  const isAudience = (aud: unknown) => typeof aud === 'string' && aud !== '';
  return (
    REQUIRED_STRINGS.find((name) => typeof claims[name] !== 'string' || claims[name] === '') ??
    REQUIRED_NUMBERS.find((name) => !Number.isFinite(claims[name])) ??
    ([claims.aud].flat().some(isAudience) ? undefined : 'aud')
  );
}

/** Parses the option `tokenProfile`. @throws {@link ConfigurationError} for anything but undefined and `'at+jwt'`. */
export function parseProfile(value: unknown): TokenProfile | undefined {
  return value === undefined ? undefined : parseChoice<TokenProfile>(value, ['at+jwt'], 'at+jwt', 'tokenProfile');
}

/**
 * Checks that a manager can hold tokens to RFC 9068 §4.
 *
 * @throws {@link ConfigurationError} if `tokenProfile` is set without `issuer` and `audience`.
 */
export function assertProfile({
  tokenProfile,
  issuer,
  audience,
}: {
  readonly tokenProfile: TokenProfile | undefined;
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
}): void {
  if (tokenProfile === undefined || (issuer !== undefined && audience !== undefined)) return;
  throw new ConfigurationError(
    `tokenProfile '${tokenProfile}' requires tokens to have an iss and an aud (RFC 9068 §4); set the options issuer and audience`,
  );
}
