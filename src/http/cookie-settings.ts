/** Further attributes of the cookie (RFC 6265, RFC 6265bis). `HttpOnly` is always set. */
export interface CookieAttributes {
  /**
   * `'auto'` (the default): `Secure` on https, for every host that is not the loopback, and for a prefixed name. So a
   * site on plain http is told early that its logins do not hold, and development on localhost works.
   */
  secure?: boolean | 'auto';
  /** Default `'lax'`. */
  sameSite?: 'strict' | 'lax' | 'none';
  /** Default: the host that sets it alone. */
  domain?: string;
  /** Default `'/'`. */
  path?: string;
  /** Seconds; default and maximum: the token's life. */
  maxAge?: number;
  /** A cookie of its own for each top-level site (CHIPS). Default `false`. */
  partitioned?: boolean;
}

/**
 * The settings of the cookie that holds the refresh token: sent to one path only, so its name cannot have the prefix
 * that demands the path `/`.
 */
export function refreshCookieSettings(access: CookieSettings, path: string): CookieSettings {
  const name = `${access.name.replace(/^__host-/i, '__Secure-')}-refresh`;
  return { ...access, name, path, maxAge: undefined };
}

/** The attributes with their defaults, and the name. */
export interface CookieSettings {
  readonly name: string;
  readonly secure: boolean | 'auto';
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly domain: string | undefined;
  readonly path: string;
  readonly maxAge: number | undefined;
  readonly partitioned: boolean;
}
