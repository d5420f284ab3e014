/** The claims of a verified token (RFC 7519 §4). */
export interface TokenPayload {
  /** The subject: what the user loader gets. */
  readonly sub: string | number;
  /** The expiry, in seconds since the epoch. */
  readonly exp: number;
  /** In seconds since the epoch. */
  readonly iat?: number;
  /** In seconds since the epoch. */
  readonly nbf?: number;
  readonly iss?: string;
  readonly aud?: string | readonly string[];
  readonly jti?: string;
  readonly [claim: string]: unknown;
}
