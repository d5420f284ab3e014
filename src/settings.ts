import { systemClock } from '../clock';
import { parseDuration } from '../duration';
import { ConfigurationError } from '../errors/configuration-error';
import { parseAlgorithm } from '../jwt/algorithm';
import { ScopeClaim } from '../jwt/scope-claim';
import { parseBoolean, parseChoice, parseFunction, parseText, refuseUnknown } from './check';
import type { LoginManagerOptions } from './login-manager-options';
import { parseCache, parseTokenCache } from './parse-caches';
import { parseAudience, parseScopes, parseTolerance } from './parse-claims';
import { parseCookie } from './parse-cookie';
import { parseOrigins } from './parse-origins';
import { parseRefreshExpiry, parseRefreshUrl, parseStore } from './parse-revocation';
import type { Settings } from './settings';

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
