/** The two kinds of token that a manager creates. */
export type TokenType = 'access' | 'refresh';

/** The profile that access tokens are held to: that of RFC 9068. */
export type TokenProfile = 'at+jwt';

/** The `typ` of a refresh token: it keeps the kinds apart, whatever the keys (RFC 8725 §3.11). */
const REFRESH_TOKEN_TYPE = 'refresh+jwt';

/** The `typ` of access tokens (RFC 7519 §5.1, RFC 9068 §2.1), in lower case. */
const ACCESS_TOKEN_TYPES = ['jwt', 'at+jwt'];

/** Returns the `typ` that tokens of a kind are created with (RFC 7515 §4.1.9). */
export function getJwtType(type: TokenType, profile: TokenProfile | undefined): string {
  if (type === 'refresh') return REFRESH_TOKEN_TYPE;
  return profile ?? 'JWT';
}

/**
 * Whether a `typ` is of this kind. Without a profile, access tokens may have none. `application/` may precede the type,
 * and case does not matter (RFC 7515 §4.1.9).
 */
export function hasType(typ: unknown, type: TokenType, profile: TokenProfile | undefined): boolean {
  if (type === 'refresh') return typ === REFRESH_TOKEN_TYPE;
  if (typ === undefined) return profile === undefined;
  if (typeof typ !== 'string') return false;
  const name = typ.toLowerCase().replace(/^application\//, '');
  return profile === undefined ? ACCESS_TOKEN_TYPES.includes(name) : name === profile;
}
