import { type Clock, systemClock } from '../clock';
import { type Duration, parseDuration } from '../duration';
import { ConfigurationError } from '../errors/configuration-error';
import type { InsufficientScopeError } from '../errors/insufficient-scope-error';
import type { NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { CookieSettings } from '../http/cookie-settings';
import { originOf } from '../http/origin-rule';
import { type Algorithm, parseAlgorithm } from '../jwt/algorithm';
import { ScopeClaim } from '../jwt/scope-claim';
import type { CacheLimits } from '../jwt/verified-tokens';
import type { RevocationStore } from '../revocation/revocation-store';
import { isScopeToken } from '../scope';
import type { LoaderClass } from '../user-loader/declared-loaders';
import { parseBoolean, parseChoice, parseFunction, parseText, refuseUnknown } from './check';
import type { ExceptionOption, LoginManagerOptions } from './login-manager-options';
import { parseCookie } from './parse-cookie';

/** The options of a manager, checked, with their defaults. */
export interface Settings<User> {
  readonly algorithm: Algorithm;
  readonly useHeader: boolean;
  /** Undefined where cookies are not used. */
  readonly cookie: CookieSettings | undefined;
  /** Seconds. */
  readonly defaultExpiry: number;
  readonly notAuthenticatedException: ExceptionOption<NotAuthenticatedError> | undefined;
  readonly outOfScopeException: ExceptionOption<InsufficientScopeError> | undefined;
  readonly scopes: Readonly<Record<string, string>> | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
  readonly scopesOf: LoginManagerOptions<User>['scopesOf'];
  readonly userLoader: LoaderClass | undefined;
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
  /** Seconds. */
  readonly clockTolerance: number;
  readonly scopeClaim: ScopeClaim;
  readonly trustedOrigins: readonly string[];
  readonly clock: Clock;
  /** Undefined where nothing is remembered; so is the next. */
  readonly verifiedTokenCache: CacheLimits | undefined;
  readonly userCache: CacheLimits | undefined;
  readonly revocation: RevocationStore | undefined;
  /** Milliseconds. */
  readonly storeTimeout: number;
  /** Seconds. */
  readonly refreshExpiry: number;
  /** Undefined where there is none. */
  readonly refreshUrl: string | undefined;
}

/** Every option; the compiler tells when one is missing here. */
const KNOWN = Object.keys({
  algorithm: true,
  useHeader: true,
  useCookie: true,
  cookieName: true,
  cookie: true,
  defaultExpiry: true,
  notAuthenticatedException: true,
  outOfScopeException: true,
  scopes: true,
  defaultAccess: true,
  scopesOf: true,
  userLoader: true,
  issuer: true,
  audience: true,
  clockTolerance: true,
  scopeClaim: true,
  trustedOrigins: true,
  clock: true,
  verifiedTokenCache: true,
  userCache: true,
  revocation: true,
  storeTimeout: true,
  refreshExpiry: true,
  refreshUrl: true,
} satisfies Record<keyof LoginManagerOptions<unknown>, true>);

/** @throws {@link ConfigurationError} for an option that is unknown or cannot work. */
export function parseOptions<User>(options: LoginManagerOptions<User> = {}): Settings<User> {
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError('The options must be an object: new LoginManager(secret, tokenUrl, { … })');
  refuseUnknown(options, KNOWN, 'LoginManager');
  const useHeader = parseBoolean(options.useHeader, true, 'useHeader');
  const useCookie = parseBoolean(options.useCookie, false, 'useCookie');
  if (!useHeader && !useCookie)
    throw new ConfigurationError(
      'useHeader and useCookie are both false, so no token would ever be found: set one of them',
    );
  const cookie = parseCookie(options.cookieName, options.cookie);
  return Object.freeze({
    algorithm: parseAlgorithm(options.algorithm === undefined ? 'HS256' : options.algorithm),
    useHeader,
    cookie: useCookie ? cookie : undefined,
    defaultExpiry: parseDuration(options.defaultExpiry === undefined ? '15m' : options.defaultExpiry, 'defaultExpiry'),
    notAuthenticatedException: parseFunction(options.notAuthenticatedException, 'notAuthenticatedException'),
    outOfScopeException: parseFunction(options.outOfScopeException, 'outOfScopeException'),
    scopes: parseScopes(options.scopes),
    defaultAccess: parseChoice(options.defaultAccess, ['public', 'authenticated'], 'public', 'defaultAccess'),
    scopesOf: parseFunction(options.scopesOf, 'scopesOf'),
    userLoader: parseFunction(options.userLoader, 'userLoader'),
    issuer: parseText(options.issuer, 'issuer'),
    audience: parseAudience(options.audience),
    clockTolerance: parseTolerance(options.clockTolerance),
    scopeClaim: new ScopeClaim(parseChoice(options.scopeClaim, ['scopes', 'scope'], 'scopes', 'scopeClaim')),
    trustedOrigins: parseOrigins(options.trustedOrigins),
    clock: parseFunction(options.clock, 'clock') ?? systemClock,
    verifiedTokenCache: parseTokenCache(options.verifiedTokenCache),
    userCache: options.userCache === undefined ? undefined : parseCache(options.userCache, 'userCache'),
    revocation: parseStore(options.revocation),
    storeTimeout:
      parseDuration(options.storeTimeout === undefined ? '1s' : options.storeTimeout, 'storeTimeout') * 1000,
    refreshExpiry: parseRefreshExpiry(options),
    refreshUrl: parseRefreshUrl(options),
  });
}

/** @throws {@link ConfigurationError} for anything but null and text that is not empty. */
export function parseTokenUrl(value: string | null): string | null {
  if (value === null) return null;
  const path = parseText(value, 'tokenUrl');
  if (path !== undefined && !/\s/.test(path)) return path;
  throw new ConfigurationError(
    "tokenUrl must be the path of the login route, such as '/login', or null for a server that only verifies tokens",
  );
}

function parseScopes(
  scopes: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (scopes === undefined) return undefined;
  const isRecord = typeof scopes === 'object' && scopes !== null && !Array.isArray(scopes);
  if (
    !isRecord ||
    !Object.entries(scopes).every(([name, description]) => isScopeToken(name) && typeof description === 'string')
  ) {
    throw new ConfigurationError(
      "scopes must be an object of names and descriptions, such as { 'notes:read': 'Read notes' }; a name is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3)",
    );
  }
  return Object.freeze({ ...scopes });
}

function parseTokenCache(limits: LoginManagerOptions<never>['verifiedTokenCache'] = {}): CacheLimits | undefined {
  return limits === false ? undefined : parseCache(limits, 'verifiedTokenCache', { max: 10_000, maxAge: '5m' });
}

function parseCache(
  limits: { max?: number; maxAge?: Duration },
  name: string,
  defaults: { max?: number; maxAge?: Duration } = {},
): CacheLimits {
  if (typeof limits !== 'object' || limits === null) {
    throw new ConfigurationError(
      `${name} must be an object such as { max: 1000, maxAge: '10s' }; leave it out for the default`,
    );
  }
  refuseUnknown(limits, ['max', 'maxAge'], name);
  const { max, maxAge } = { ...defaults, ...limits };
  if (max === undefined || !Number.isSafeInteger(max) || max < 1) {
    throw new ConfigurationError(`${name}.max must be a whole number of entries, one or more`);
  }
  return Object.freeze({ max, maxAge: parseDuration(maxAge as Duration, `${name}.maxAge`) * 1000 });
}

function parseStore(store: RevocationStore | undefined): RevocationStore | undefined {
  if (store === undefined || (typeof store?.revoke === 'function' && typeof store.revokedAt === 'function'))
    return store;
  throw new ConfigurationError(
    'revocation must be a RevocationStore, with the methods revoke(id, at, expiresAt) and revokedAt(ids): new MemoryRevocationStore() for one server',
  );
}

function parseRefreshExpiry({
  refreshExpiry = '30d',
  defaultExpiry = '15m',
  revocation,
}: LoginManagerOptions<never>): number {
  const seconds = parseDuration(refreshExpiry, 'refreshExpiry');
  if (revocation && seconds < parseDuration(defaultExpiry, 'defaultExpiry')) {
    throw new ConfigurationError(
      'refreshExpiry is shorter than defaultExpiry, so tokens would outlive their revocation: make it longer',
    );
  }
  return seconds;
}

function parseRefreshUrl({ refreshUrl, revocation }: LoginManagerOptions<never>): string | undefined {
  const path = parseText(refreshUrl, 'refreshUrl');
  if (path === undefined) return undefined;
  if (!/^\/[^\s;?#]*$/.test(path)) throw new ConfigurationError("refreshUrl must be a path, such as '/token'");
  if (!revocation)
    throw new ConfigurationError(
      'refreshUrl is of no use without the option revocation: there are no refresh tokens without a store',
    );
  return path;
}

function parseAudience(audience: string | readonly string[] | undefined): readonly string[] | undefined {
  if (audience === undefined) return undefined;
  const audiences = typeof audience === 'string' ? [audience] : audience;
  if (
    Array.isArray(audiences) &&
    audiences.length > 0 &&
    audiences.every((one) => typeof one === 'string' && one !== '')
  )
    return Object.freeze([...audiences]);
  throw new ConfigurationError('audience must be text, or a list of texts, none of them empty');
}

function parseTolerance(seconds = 0): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new ConfigurationError('clockTolerance must be a number of seconds, zero or more');
}

function parseOrigins(urls: readonly string[] = []): readonly string[] {
  const origins = Array.isArray(urls) ? urls.map(parseOrigin) : [undefined];
  if (origins.every((origin) => origin !== undefined)) return Object.freeze(origins);
  throw new ConfigurationError(
    "trustedOrigins must be a list of origins, such as 'https://app.example.com': scheme, host and port alone",
  );
}

/** Compared whole, so an asterisk would match nothing. */
function parseOrigin(url: unknown): string | undefined {
  const origin = typeof url === 'string' && !url.includes('*') ? originOf(url) : undefined;
  return origin !== 'null' && [origin, `${origin}/`].includes(String(url).toLowerCase()) ? origin : undefined;
}
