import { parseCredentials } from '../authentication/api-key';
import type { Credential, CredentialScheme } from '../authentication/credential';
import { type DefinedScopes, parseScopes } from '../authorization/define-scopes';
import { ConfigurationError } from '../errors/configuration-error';
import type { ExceptionOption, NotAuthenticatedException } from '../errors/custom-exceptions';
import type { InsufficientScopeError } from '../errors/insufficient-scope-error';
import { parseRealm } from '../errors/www-authenticate';
import { parseCacheControl, parseCookie, type ResolvedCookieOptions } from '../http/cookies/cookie-options';
import type { OriginCheckMode } from '../http/origin-check';
import { parseResource } from '../http/resource';
import type { TokenFrom } from '../http/token-extractor';
import { parseTrustedOrigins, type TrustedOrigins } from '../http/trusted-origins';
import { parseAudience, parseTolerance } from '../jwt/claims/claims';
import { parseProfile } from '../jwt/claims/token-profile';
import type { Issuers } from '../jwt/issuers/issuer-options';
import { type Algorithm, parseAlgorithms } from '../jwt/keys/algorithm';
import { parseScopeClaim, type ScopeClaim } from '../jwt/scope-claim';
import type { TokenProfile } from '../jwt/token-type';
import type { StampOption } from '../sessions/security-stamp';
import {
  parseMaxSessions,
  parseRefreshExpiry,
  parseRefreshLeeway,
  parseRefreshUrl,
  parseSlidingExpiry,
  parseStore,
} from '../sessions/session-options';
import type { SessionStore } from '../sessions/stores/session-store';
import { type LoaderClass, parseLoaderClass } from '../users/loader-registry';
import { type CacheLimits, parseCache, parseTokenCache } from '../util/cache-limits';
import { type Clock, systemClock, toSafeClock } from '../util/clock';
import { parseDuration } from '../util/duration';
import { copyOwnProperties } from '../util/own-properties';
import { assertKnownKeys, parseBoolean, parseChoice, parseFunction, parseString } from '../util/validate';
import type { LoginManagerOptions } from './options';

/** The names of all options; the compiler reports a missing one. */
export const OPTION_NAMES = Object.keys({
  algorithm: true,
  useHeader: true,
  useCookie: true,
  tokenFrom: true,
  credentials: true,
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
  acceptClaims: true,
  maxTokenAge: true,
  tokenProfile: true,
  issuers: true,
  scopeClaim: true,
  trustedOrigins: true,
  originCheck: true,
  resource: true,
  cacheControl: true,
  clock: true,
  verifiedTokenCache: true,
  userCache: true,
  context: true,
  sessionStore: true,
  refreshLeeway: true,
  slidingExpiry: true,
  maxSessions: true,
  keepClientDetails: true,
  securityStamp: true,
  storeTimeout: true,
  refreshExpiry: true,
  refreshUrl: true,
} satisfies Record<keyof LoginManagerOptions<unknown>, true>);

/**
 * Parses the options of a manager: their own properties alone, so that a polluted `Object.prototype` sets none.
 *
 * @throws {@link ConfigurationError} for an option that is unknown or cannot work.
 */
export function parseOptions<User>(given: LoginManagerOptions<User> = {}): Settings<User> {
  if (typeof given !== 'object' || given === null)
    throw new ConfigurationError('The options must be an object: new LoginManager(secret, tokenUrl, { … })');
  const options = copyOwnProperties(given);
  assertKnownKeys(options, OPTION_NAMES, 'LoginManager');
  const useHeader = parseBoolean(options.useHeader, true, 'useHeader');
  const useCookie = parseBoolean(options.useCookie, false, 'useCookie');
  const credentials = parseCredentials(options.credentials);
  if (!useHeader && !useCookie && credentials.length === 0)
    throw new ConfigurationError(
      'useHeader and useCookie are both false and there are no credentials, so nobody can ever log in; set one of them',
      { section: 'cookies' },
    );
  const resource = parseResource(options.resource);
  const cookie = parseCookie(options.cookieName, options.cookie);
  return Object.freeze({
    algorithms: options.algorithm === undefined ? undefined : parseAlgorithms(options.algorithm),
    useHeader,
    cookie: useCookie ? cookie : undefined,
    tokenFrom: parseFunction(options.tokenFrom, 'tokenFrom'),
    credentials,
    defaultExpiry: parseDuration(options.defaultExpiry === undefined ? '15m' : options.defaultExpiry, 'defaultExpiry'),
    notAuthenticatedException: parseFunction(options.notAuthenticatedException, 'notAuthenticatedException'),
    outOfScopeException: parseFunction(options.outOfScopeException, 'outOfScopeException'),
    realm: parseRealm(options.realm),
    scopes: parseScopes(options.scopes),
    defaultAccess: parseChoice(options.defaultAccess, ['public', 'authenticated'], 'public', 'defaultAccess'),
    scopesOf: parseFunction(options.scopesOf, 'scopesOf'),
    userLoader: parseLoaderClass(options.userLoader),
    issuer: parseString(options.issuer, 'issuer'),
    resource,
    audience: parseAudience(options.audience === undefined ? resource : options.audience),
    clockTolerance: parseTolerance(options.clockTolerance),
    acceptClaims: parseFunction(options.acceptClaims, 'acceptClaims'),
    maxTokenAge: options.maxTokenAge === undefined ? undefined : parseDuration(options.maxTokenAge, 'maxTokenAge'),
    tokenProfile: parseProfile(options.tokenProfile),
    issuers: options.issuers === undefined ? [] : options.issuers,
    scopeClaim: parseScopeClaim(options.scopeClaim),
    trustedOrigins: parseTrustedOrigins(options.trustedOrigins),
    originCheck: parseChoice(options.originCheck, ['cookie', 'always'], 'cookie', 'originCheck'),
    cacheControl: parseCacheControl(options.cacheControl),
    clock: options.clock === undefined ? systemClock : parseClock(options.clock),
    verifiedTokenCache: parseTokenCache(options.verifiedTokenCache),
    userCache: options.userCache === undefined ? undefined : parseCache(options.userCache, 'userCache'),
    context: parseBoolean(options.context, false, 'context'),
    sessionStore: parseStore(options.sessionStore),
    refreshLeeway: parseRefreshLeeway(options),
    slidingExpiry: parseSlidingExpiry(options),
    maxSessions: parseMaxSessions(options),
    keepClientDetails: parseBoolean(options.keepClientDetails, true, 'keepClientDetails'),
    securityStamp: parseFunction(options.securityStamp, 'securityStamp'),
    storeTimeout:
      parseDuration(options.storeTimeout === undefined ? '1s' : options.storeTimeout, 'storeTimeout') * 1000,
    refreshExpiry: parseRefreshExpiry(options),
    refreshUrl: parseRefreshUrl(options),
  });
}

/** Wraps the clock of the application, so that what is not a time lets nobody in. */
function parseClock(clock: Clock | undefined): Clock {
  return toSafeClock(parseFunction(clock, 'clock') ?? systemClock);
}

/** Returns the path of the login route. @throws {@link ConfigurationError} for anything but null and a non-empty string. */
export function parseTokenUrl(value: string | null): string | null {
  if (value === null) return null;
  if (typeof value === 'string' && value !== '' && !/\s/.test(value)) return value;
  throw new ConfigurationError(
    "tokenUrl must be the path of the login route, such as '/login', or null for a server that only verifies tokens",
  );
}

/** How clients authenticate with a manager, for the OpenAPI document. */
export interface SecurityDescription {
  readonly tokenUrl: string | null;
  readonly refreshUrl: string | undefined;
  /** Whether the manager has a session store, so that there are refresh tokens. */
  readonly canRefresh: boolean;
  /** Whether cookies renew themselves while they are used (`slidingExpiry`), so that they need no refresh token. */
  readonly areCookiesRenewed: boolean;
  /** The declared scopes. */
  readonly scopes: DefinedScopes | undefined;
  readonly useHeader: boolean;
  /** Undefined if cookies are not used. */
  readonly cookieName: string | undefined;
  readonly credentials: readonly CredentialScheme[];
  readonly defaultAccess: 'public' | 'authenticated';
}

/** The parsed options of a manager, with their defaults. */
export interface Settings<User> {
  /** Several if the manager only verifies; undefined for the default. */
  readonly algorithms: readonly Algorithm[] | undefined;
  readonly useHeader: boolean;
  /** Undefined if cookies are not used. */
  readonly cookie: ResolvedCookieOptions | undefined;
  readonly tokenFrom: TokenFrom | undefined;
  readonly credentials: readonly Credential<User>[];
  /** Seconds. */
  readonly defaultExpiry: number;
  readonly notAuthenticatedException: NotAuthenticatedException | undefined;
  readonly outOfScopeException: ExceptionOption<InsufficientScopeError> | undefined;
  /** The realm of every Bearer challenge. */
  readonly realm: string;
  readonly scopes: DefinedScopes | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
  readonly scopesOf: LoginManagerOptions<User>['scopesOf'];
  readonly userLoader: LoaderClass | undefined;
  readonly issuer: string | undefined;
  /** The URL of the API. */
  readonly resource: string | undefined;
  readonly audience: readonly string[] | undefined;
  /** Seconds. */
  readonly clockTolerance: number;
  readonly acceptClaims: LoginManagerOptions<User>['acceptClaims'];
  /** Seconds. */
  readonly maxTokenAge: number | undefined;
  readonly tokenProfile: TokenProfile | undefined;
  readonly issuers: Issuers;
  readonly scopeClaim: ScopeClaim;
  readonly trustedOrigins: TrustedOrigins;
  readonly originCheck: OriginCheckMode;
  /** Undefined if responses are left alone. */
  readonly cacheControl: string | undefined;
  readonly clock: Clock;
  /** Undefined if the cache is disabled. */
  readonly verifiedTokenCache: CacheLimits | undefined;
  /** Undefined if the cache is disabled. */
  readonly userCache: CacheLimits | undefined;
  /** Whether `current()` tells the authentication of the running request. */
  readonly context: boolean;
  readonly sessionStore: SessionStore | undefined;
  /** Milliseconds. */
  readonly refreshLeeway: number;
  /** Seconds. */
  readonly slidingExpiry: number | undefined;
  readonly maxSessions: number | undefined;
  readonly keepClientDetails: boolean;
  readonly securityStamp: StampOption | undefined;
  /** Milliseconds. */
  readonly storeTimeout: number;
  /** Seconds. */
  readonly refreshExpiry: number;
  /** Undefined if there is none. */
  readonly refreshUrl: string | undefined;
}

/** Returns what the OpenAPI document and the token endpoints need of a manager. */
export function securityDescription<User>(settings: Settings<User>, tokenUrl: string | null): SecurityDescription {
  return {
    tokenUrl,
    refreshUrl: settings.refreshUrl,
    canRefresh: settings.sessionStore !== undefined,
    areCookiesRenewed: settings.slidingExpiry !== undefined,
    scopes: settings.scopes,
    useHeader: settings.useHeader,
    cookieName: settings.cookie?.name,
    credentials: settings.credentials.map(({ scheme }) => scheme),
    defaultAccess: settings.defaultAccess,
  };
}
