/** The kinds of token that a manager creates. */
export type TokenType = 'access' | 'refresh' | 'one-time';

/** The profile that access tokens must conform to: RFC 9068. */
export type TokenProfile = 'at+jwt';

/** The `typ` of the other tokens: it keeps the kinds apart, whatever the keys (RFC 8725 §3.11). */
const OWN_TYPES = { refresh: 'refresh+jwt', 'one-time': 'one-time+jwt' } as const;

/** The `typ` of access tokens (RFC 7519 §5.1, RFC 9068 §2.1), in lower case. */
const ACCESS_TOKEN_TYPES = ['jwt', 'at+jwt'];

/** Returns the `typ` that tokens of a kind are created with (RFC 7515 §4.1.9). */
export function getJwtType(type: TokenType, profile: TokenProfile | undefined): string {
  return type === 'access' ? (profile ?? 'JWT') : OWN_TYPES[type];
}

/**
 * Whether a `typ` is of this kind. Without a profile, access tokens may have none. `application/` may precede the type,
 * and case does not matter (RFC 7515 §4.1.9).
 */
export function hasType(typ: unknown, type: TokenType, profile: TokenProfile | undefined): boolean {
  if (type !== 'access') return typ === OWN_TYPES[type];
  if (typ === undefined) return profile === undefined;
  if (typeof typ !== 'string') return false;
  const name = typ.toLowerCase().replace(/^application\//, '');
  return profile === undefined ? ACCESS_TOKEN_TYPES.includes(name) : name === profile;
}
