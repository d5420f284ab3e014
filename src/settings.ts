import { parseScopes } from './authorization/requirement';
import { ConfigurationError } from './errors/configuration-error';
import type { ExceptionOption } from './errors/custom-exceptions';
import type { InsufficientScopeError } from './errors/insufficient-scope-error';
import type { NotAuthenticatedError } from './errors/not-authenticated-error';
import { parseRealm } from './errors/www-authenticate';
import { parseCacheControl, parseCookie, type ResolvedCookieOptions } from './http/cookie-options';
import type { OriginCheckMode } from './http/origin-check';
import type { TokenFrom } from './http/token-extractor';
import { parseTrustedOrigins, type TrustedOrigins } from './http/trusted-origins';
import { parseAudience, parseTolerance } from './jwt/claims';
import { type Algorithm, parseAlgorithm } from './jwt/keys/algorithm';
import { ScopeClaim } from './jwt/scope-claim';
import type { LoginManagerOptions } from './options';
import type { RevocationStore } from './sessions/revocation-store';
import { parseRefreshExpiry, parseRefreshUrl, parseStore } from './sessions/session-options';
import { type LoaderClass, parseLoaderClass } from './users/loader-registry';
import { type CacheLimits, parseCache, parseTokenCache } from './util/cache-limits';
import { type Clock, systemClock } from './util/clock';
import { parseDuration } from './util/duration';
import { assertKnownKeys, parseBoolean, parseChoice, parseFunction, parseString } from './util/validate';

/** Every option; the compiler tells when one is missing here. */
const KNOWN = Object.keys({
  algorithm: true,
  useHeader: true,
  useCookie: true,
  tokenFrom: true,
  cookieName: true,
  cookie: true,
  defaultExpiry: true,
  notAuthenticatedException: true,
  outOfScopeException: true,
  realm: true,
  scopes: true,
  defaultAccess: true,
  scopesOf: true,
  userLoader: true,
  issuer: true,
  audience: true,
  clockTolerance: true,
  scopeClaim: true,
  trustedOrigins: true,
  originCheck: true,
  cacheControl: true,
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
  assertKnownKeys(options, KNOWN, 'LoginManager');
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
    tokenFrom: parseFunction(options.tokenFrom, 'tokenFrom'),
    defaultExpiry: parseDuration(options.defaultExpiry === undefined ? '15m' : options.defaultExpiry, 'defaultExpiry'),
    notAuthenticatedException: parseFunction(options.notAuthenticatedException, 'notAuthenticatedException'),
    outOfScopeException: parseFunction(options.outOfScopeException, 'outOfScopeException'),
    realm: parseRealm(options.realm),
    scopes: parseScopes(options.scopes),
    defaultAccess: parseChoice(options.defaultAccess, ['public', 'authenticated'], 'public', 'defaultAccess'),
    scopesOf: parseFunction(options.scopesOf, 'scopesOf'),
    userLoader: parseLoaderClass(options.userLoader),
    issuer: parseString(options.issuer, 'issuer'),
    audience: parseAudience(options.audience),
    clockTolerance: parseTolerance(options.clockTolerance),
    scopeClaim: new ScopeClaim(parseChoice(options.scopeClaim, ['scopes', 'scope'], 'scopes', 'scopeClaim')),
    trustedOrigins: parseTrustedOrigins(options.trustedOrigins),
    originCheck: parseChoice(options.originCheck, ['cookie', 'always'], 'cookie', 'originCheck'),
    cacheControl: parseCacheControl(options.cacheControl),
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
  const path = parseString(value, 'tokenUrl');
  if (path !== undefined && !/\s/.test(path)) return path;
  throw new ConfigurationError(
    "tokenUrl must be the path of the login route, such as '/login', or null for a server that only verifies tokens",
  );
}

/** How a manager is logged in with, for the OpenAPI document. */
export interface SecurityDescription {
  readonly tokenUrl: string | null;
  readonly refreshUrl: string | undefined;
  /** Whether tokens can be taken back, so that there are refresh tokens. */
  readonly canRefresh: boolean;
  /** The declared scopes with their descriptions. */
  readonly scopes: Readonly<Record<string, string>> | undefined;
  readonly useHeader: boolean;
  /** Undefined where cookies are not used. */
  readonly cookieName: string | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
}

/** The options of a manager, checked, with their defaults. */
export interface Settings<User> {
  readonly algorithm: Algorithm;
  readonly useHeader: boolean;
  /** Undefined where cookies are not used. */
  readonly cookie: ResolvedCookieOptions | undefined;
  readonly tokenFrom: TokenFrom | undefined;
  /** Seconds. */
  readonly defaultExpiry: number;
  readonly notAuthenticatedException: ExceptionOption<NotAuthenticatedError> | undefined;
  readonly outOfScopeException: ExceptionOption<InsufficientScopeError> | undefined;
  /** The realm of every Bearer challenge. */
  readonly realm: string;
  readonly scopes: Readonly<Record<string, string>> | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
  readonly scopesOf: LoginManagerOptions<User>['scopesOf'];
  readonly userLoader: LoaderClass | undefined;
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
  /** Seconds. */
  readonly clockTolerance: number;
  readonly scopeClaim: ScopeClaim;
  readonly trustedOrigins: TrustedOrigins;
  readonly originCheck: OriginCheckMode;
  /** Undefined if responses are left alone. */
  readonly cacheControl: string | undefined;
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

/** What the OpenAPI document and the token endpoints need to know about a manager. */
export function securityDescription<User>(settings: Settings<User>, tokenUrl: string | null): SecurityDescription {
  return {
    tokenUrl,
    refreshUrl: settings.refreshUrl,
    canRefresh: settings.revocation !== undefined,
    scopes: settings.scopes,
    useHeader: settings.useHeader,
    cookieName: settings.cookie?.name,
    defaultAccess: settings.defaultAccess,
  };
}
