/**
 * The claims of a verified token (RFC 7519 §4): frozen, and without anything that was added to `Object.prototype`.
 * Methods such as `hasOwnProperty` work.
 */
export interface TokenPayload {
  /** The subject: the argument of the user loader. */
  readonly sub: string | number;
  /** The expiry, in seconds since the epoch. */
  readonly exp: number;
  /** The time of issue, in seconds since the epoch. */
  readonly iat?: number;
  /** The time before which the token is invalid, in seconds since the epoch. */
  readonly nbf?: number;
  /** The issuer. */
  readonly iss?: string;
  /** The audience: one, or several. */
  readonly aud?: string | readonly string[];
  /** The id of the token. */
  readonly jti?: string;
  readonly [claim: string]: unknown;
}
