/** The kinds of token that a manager makes. */
export type TokenType = 'access' | 'refresh' | 'one-time';

/** The `typ` that is written (RFC 7515 §4.1.9): it keeps the kinds apart, whatever the keys (RFC 8725 §3.11). */
export const JWT_TYPES: Record<TokenType, string> = {
  access: 'JWT',
  refresh: 'refresh+jwt',
  'one-time': 'one-time+jwt',
};

/** The kinds of token that are access tokens (RFC 7519 §5.1, RFC 9068 §2.1), in lower case. */
const ACCESS_TOKEN_TYPES = ['jwt', 'at+jwt'];

/** Whether a token with this `typ` is of this kind; access tokens of others may have none. */
export function hasType(typ: unknown, type: TokenType): boolean {
  if (type !== 'access') return typ === JWT_TYPES[type];
  return typ === undefined || (typeof typ === 'string' && ACCESS_TOKEN_TYPES.includes(typ.toLowerCase()));
}
