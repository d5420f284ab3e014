import { serialize } from 'cookie';
import { ConfigurationError } from '../errors/configuration-error';
import { assertKnownKeys, parseBoolean, parseChoice, parseString } from '../util/validate';

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
export function refreshCookieOptions(access: ResolvedCookieOptions, path: string): ResolvedCookieOptions {
  const name = `${access.name.replace(/^__host-/i, '__Secure-')}-refresh`;
  return { ...access, name, path, maxAge: undefined };
}

/** The attributes with their defaults, and the name. */
export interface ResolvedCookieOptions {
  readonly name: string;
  readonly secure: boolean | 'auto';
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly domain: string | undefined;
  readonly path: string;
  readonly maxAge: number | undefined;
  readonly partitioned: boolean;
}

const KNOWN = ['secure', 'sameSite', 'domain', 'path', 'maxAge', 'partitioned'] satisfies (keyof CookieAttributes)[];

/** @throws {@link ConfigurationError} for a name or attributes that browsers would refuse. */
export function parseCookie(
  name: string | undefined,
  attributes: CookieAttributes | undefined = {},
): ResolvedCookieOptions {
  if (typeof attributes !== 'object' || attributes === null)
    throw new ConfigurationError('cookie must be an object of attributes, such as { sameSite: "strict" }');
  assertKnownKeys(attributes, KNOWN, 'cookie');
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
  throw new ConfigurationError('cookie.maxAge must be a whole number of seconds greater than zero');
}

function checkGrammar({ name, domain, path }: ResolvedCookieOptions): void {
  try {
    serialize(name, '', { domain, path });
  } catch {
    throw new ConfigurationError(
      'cookieName, cookie.domain or cookie.path has characters that a cookie cannot have (RFC 6265 §4.1.1)',
    );
  }
  if (!path.startsWith('/')) throw new ConfigurationError("cookie.path must begin with '/'");
}

/** RFC 6265bis §4.1.3; browsers silently drop a cookie that breaks these rules. */
function checkPrefix({ name, secure, domain, path }: ResolvedCookieOptions): void {
  if (isPrefixed(name) && secure === false)
    throw new ConfigurationError(
      `A cookie named ${name} must be Secure: leave cookie.secure out, or take the prefix away`,
    );
  if (/^__host-/i.test(name) && (domain !== undefined || path !== '/')) {
    throw new ConfigurationError(
      `A cookie named ${name} must have the path '/' and no domain: leave both out, or use the prefix __Secure-`,
    );
  }
}

function checkSecure({ sameSite, secure, partitioned }: ResolvedCookieOptions): void {
  if (secure === false && sameSite === 'none')
    throw new ConfigurationError("cookie.sameSite 'none' needs a Secure cookie: leave cookie.secure out");
  if (secure === false && partitioned)
    throw new ConfigurationError('cookie.partitioned needs a Secure cookie: leave cookie.secure out');
}

/** Names for which browsers demand `Secure` (RFC 6265bis §4.1.3), in any case. */
export function isPrefixed(name: string): boolean {
  return /^__(host|secure)-/i.test(name);
}
