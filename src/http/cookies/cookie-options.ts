import { serialize } from 'cookie';
import { ConfigurationError } from '../../errors/configuration-error';
import { copyOwnProperties } from '../../util/own-properties';
import { assertKnownKeys, parseBoolean, parseChoice, parseString } from '../../util/validate';

/**
 * Attributes of the cookie (RFC 6265bis). `HttpOnly` is always set.
 *
 * @example
 * ```ts
 * { useCookie: true, cookie: { sameSite: 'none', secure: true, partitioned: true } } // in the frame of another site
 * ```
 */
export interface CookieAttributes {
  /**
   * `'auto'` sets `Secure` unless the request came to the loopback over plain http: always when `NODE_ENV` is
   * `production`, and whenever anything says https (the connection, `Origin`, `X-Forwarded-Proto`, `Forwarded`). So
   * development on localhost works, and a site on plain http learns early that its logins do not hold. Default `'auto'`.
   */
  secure?: boolean | 'auto';
  /** Default `'lax'`. `'none'` requires a `Secure` cookie. */
  sameSite?: 'strict' | 'lax' | 'none';
  /** The domain whose hosts get the cookie. Default: only the host that sets it. */
  domain?: string;
  /** The path below which the cookie is sent. Default `'/'`. */
  path?: string;
  /** Lifetime in seconds. Default and maximum: the lifetime of the token. */
  maxAge?: number;
  /** Keeps a separate cookie for each top-level site (CHIPS). Default `false`. */
  partitioned?: boolean;
}

/**
 * Returns the options of the cookie that holds the refresh token. It is sent to one path only, so its name cannot have
 * the prefix `__Host-`, which requires the path `/`.
 */
export function refreshCookieOptions(access: ResolvedCookieOptions, path: string): ResolvedCookieOptions {
  const name = `${access.name.replace(/^__host-/i, '__Secure-')}-refresh`;
  return { ...access, name, path, maxAge: undefined };
}

/** Name and attributes of a cookie, with their defaults. */
export interface ResolvedCookieOptions {
  readonly name: string;
  readonly secure: boolean | 'auto';
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly domain: string | undefined;
  readonly path: string;
  readonly maxAge: number | undefined;
  readonly partitioned: boolean;
}

const ATTRIBUTES = [
  'secure',
  'sameSite',
  'domain',
  'path',
  'maxAge',
  'partitioned',
] satisfies (keyof CookieAttributes)[];

/**
 * Validates name and attributes.
 *
 * @throws {@link ConfigurationError} for a name or attributes that browsers refuse.
 */
export function parseCookie(name: string | undefined, given?: CookieAttributes): ResolvedCookieOptions {
  const attributes: CookieAttributes = given === undefined ? Object.create(null) : copyOwnProperties(given);
  if (typeof attributes !== 'object' || attributes === null)
    throw invalidCookie('cookie must be an object of attributes such as { sameSite: "strict" }');
  assertKnownKeys(attributes, ATTRIBUTES, 'cookie');
  const settings: ResolvedCookieOptions = {
    name: parseString(name, 'cookieName') ?? 'access-token',
    secure: parseChoice(attributes.secure, ['auto', true, false], 'auto', 'cookie.secure'),
    sameSite: parseChoice(attributes.sameSite, ['strict', 'lax', 'none'], 'lax', 'cookie.sameSite'),
    domain: parseString(attributes.domain, 'cookie.domain'),
    path: parseString(attributes.path, 'cookie.path') ?? '/',
    maxAge: parseMaxAge(attributes.maxAge),
    partitioned: parseBoolean(attributes.partitioned, false, 'cookie.partitioned'),
  };
  checkGrammar(settings);
  checkPrefix(settings);
  checkSecure(settings);
  return Object.freeze(settings);
}

function parseMaxAge(value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw invalidCookie('cookie.maxAge must be a whole number of seconds greater than zero');
}

function checkGrammar({ name, domain, path }: ResolvedCookieOptions): void {
  try {
    serialize(name, '', { domain, path });
  } catch {
    throw invalidCookie(
      'cookieName, cookie.domain or cookie.path has a character that a cookie cannot have; see RFC 6265 §4.1.1',
    );
  }
  if (!path.startsWith('/')) throw invalidCookie("cookie.path must begin with '/'");
}

/** Browsers silently drop a cookie that breaks the rules of RFC 6265bis §4.1.3. */
function checkPrefix({ name, secure, domain, path }: ResolvedCookieOptions): void {
  if (isPrefixed(name) && secure === false)
    throw invalidCookie(`A cookie named ${name} must be Secure; omit cookie.secure, or remove the prefix`);
  if (/^__host-/i.test(name) && (domain !== undefined || path !== '/')) {
    throw invalidCookie(
      `A cookie named ${name} must have the path '/' and no domain; omit both, or use the prefix __Secure-`,
    );
  }
}

function checkSecure({ sameSite, secure, partitioned }: ResolvedCookieOptions): void {
  if (secure === false && sameSite === 'none')
    throw invalidCookie("cookie.sameSite 'none' requires a Secure cookie; omit cookie.secure");
  if (secure === false && partitioned)
    throw invalidCookie('cookie.partitioned requires a Secure cookie; omit cookie.secure');
}

/** Tells whether browsers require `Secure` for a name (RFC 6265bis §4.1.3), in upper or lower case. */
export function isPrefixed(name: string): boolean {
  return /^__(host|secure)-/i.test(name);
}

/**
 * Validates the `Cache-Control` of responses to requests that the cookie authenticated.
 *
 * @throws {@link ConfigurationError} for anything but false and a string that fits into a header.
 */
export function parseCacheControl(value: string | false | undefined): string | undefined {
  if (value === false) return undefined;
  const text = value === undefined ? 'private, no-cache' : value;
  if (typeof text === 'string' && /^[\x20-\x7e]+$/.test(text) && text.trim() !== '') return text;
  throw new ConfigurationError("cacheControl must be a value of the header, such as 'private, no-cache', or false");
}

function invalidCookie(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'cookies' });
}
