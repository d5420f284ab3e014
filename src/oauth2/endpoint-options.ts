import { ConfigurationError } from '../errors/configuration-error';
import type { LoginManager } from '../manager/login-manager';
import { type Duration, parseDuration } from '../util/duration';
import { assertKnownKeys, parseBoolean, parseFunction } from '../util/validate';
import { assertManager } from '../util/validate-arguments';
import { type Limiter, LoginLimiter, type LoginLimiters, parseLimiters } from './login-limiter';
import type { GrantOptions, ScopesFor, VerifyPassword } from './token-grants';

/**
 * Options of `tokenEndpoints`.
 *
 * @example
 * ```ts
 * tokenEndpoints(lm, { verifyPassword: (username, password) => accounts.verify(username, password), cookies: true });
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: of whatever user
export interface TokenEndpointsOptions<User = any> {
  /**
   * Checks a username and a password. It returns the data and the scopes of the tokens, or null to refuse the login.
   * The client gets the requested ones of these `scopes`, or all if it requests none. Take as long for an unknown name
   * as for a wrong password. `form` has the other fields of the login form, such as a one-time code.
   *
   * @example
   * ```ts
   * async verifyPassword(username, password, action, form) {
   *   const account = await accounts.verify(username, password, form.fields.code);
   *   return account && { data: { sub: account.id }, scopes: account.scopes };
   * }
   * ```
   */
  verifyPassword: VerifyPassword;
  /**
   * Returns the scopes that a user may have now. It is called at each refresh with the user, who is loaded again, and
   * the claims of the refresh token. The new access token gets only granted scopes that it returns. A user who has lost
   * all granted scopes is refused. Default: the manager's `scopesOf`, and without it all granted scopes.
   *
   * @example
   * scopesFor: (account) => account.scopes
   */
  scopesFor?: ScopesFor<User>;
  /**
   * Limits failed logins, for instance with a limiter of rate-limiter-flexible. Before `verifyPassword`,
   * `consume('address:…')` and `consume('account:…')` are called; if one rejects, the answer is a
   * `TooManyAttemptsError` (429). After a login that is not refused, `reward` undoes both. If the limiter does not answer
   * within `limiterTimeout`, the answer is 503. Behind a proxy set `trust proxy` (Koa: `proxy`). Otherwise all clients
   * count as one address. Default: no limit.
   *
   * @example
   * ```ts
   * limiter: {
   *   account: new RateLimiterMemory({ points: 10, duration: 900 }),
   *   address: new RateLimiterMemory({ points: 100, duration: 900 }),
   * }
   * ```
   */
  limiter?: Limiter | LoginLimiters;
  /**
   * How long the limiter may take to answer. Default `'1s'`.
   *
   * @example
   * limiterTimeout: '300ms'
   */
  limiterTimeout?: Duration;
  /**
   * The path of the revocation endpoint, as clients see it. Default: `tokenUrl` with `/revoke`, where browsers send the
   * refresh cookie.
   *
   * @example
   * revokeUrl: '/logout'
   */
  revokeUrl?: string;
  /**
   * The prefix of `tokenUrl` and `revokeUrl` that a proxy removes before it forwards requests, such as `'/api'`. Not
   * needed for `routePrefix` and mount paths. Default: none.
   *
   * @example
   * proxyPrefix: '/api' // the proxy passes /api/token on as /token
   */
  proxyPrefix?: string;
  /**
   * Whether a login stores the tokens in the browser's cookies; the body has no refresh token then, and the session of
   * the cookies that the browser sent ends. The manager needs
   * `useCookie`, and with a store `refreshUrl` or `slidingExpiry`; with `slidingExpiry` there is no refresh token. Default
   * `false`.
   *
   * @example
   * tokenEndpoints(lm, { verifyPassword, cookies: true });
   */
  cookies?: boolean;
}

/** Every option; the compiler tells if one is missing here. */
const KNOWN = Object.keys({
  verifyPassword: true,
  scopesFor: true,
  limiter: true,
  limiterTimeout: true,
  revokeUrl: true,
  proxyPrefix: true,
  cookies: true,
} satisfies Record<keyof TokenEndpointsOptions, true>);

/** The checked options, and the paths at which requests arrive. */
export interface Endpoints<User> extends GrantOptions<User> {
  readonly tokenPath: string;
  readonly revokePath: string;
}

/** @throws {@link ConfigurationError} for options that are unknown, or do not fit the manager. */
export function parseEndpoints<User>(
  manager: LoginManager<User>,
  options: TokenEndpointsOptions<User>,
): Endpoints<User> {
  assertManager(manager, 'tokenEndpoints');
  if (typeof options !== 'object' || options === null) {
    throw invalidEndpoint('tokenEndpoints() requires options: tokenEndpoints(manager, { verifyPassword })');
  }
  assertKnownKeys(options, KNOWN, 'tokenEndpoints');
  const { verifyPassword } = options;
  if (typeof verifyPassword !== 'function') {
    throw invalidEndpoint(
      'tokenEndpoints() requires verifyPassword(username, password), which returns the contents of the tokens, or null',
    );
  }
  const tokenUrl = tokenUrlOf(manager);
  const cookies = parseBoolean(options.cookies, false, 'cookies');
  if (cookies) assertCookies(manager, tokenUrl);
  const limiters = parseLimiters(options.limiter);
  const timeout =
    parseDuration(options.limiterTimeout === undefined ? '1s' : options.limiterTimeout, 'limiterTimeout') * 1000;
  return {
    tokenPath: withoutPrefix(tokenUrl, options.proxyPrefix),
    revokePath: withoutPrefix(parsePath(options.revokeUrl ?? `${tokenUrl}/revoke`, 'revokeUrl'), options.proxyPrefix),
    verifyPassword,
    scopesFor: parseFunction(options.scopesFor, 'scopesFor'),
    limiter: limiters && new LoginLimiter(limiters, timeout),
    cookies,
  };
}

function tokenUrlOf<User>({ tokenUrl, security }: LoginManager<User>): string {
  if (tokenUrl === null || !tokenUrl.startsWith('/')) {
    throw invalidEndpoint(
      "tokenEndpoints() requires a manager whose tokenUrl is a path as clients see it, such as '/token'",
    );
  }
  const { refreshUrl = tokenUrl } = security;
  if (refreshUrl === tokenUrl) return tokenUrl;
  throw invalidEndpoint(
    `tokenEndpoints() serves both grants at one path, but tokenUrl is '${tokenUrl}' and refreshUrl '${refreshUrl}'; set both to the path that clients see, with routePrefix and mounts`,
  );
}

function assertCookies<User>({ security }: LoginManager<User>, tokenUrl: string): void {
  const { cookieName, refreshUrl, canRefresh, areCookiesRenewed } = security;
  if (cookieName && (refreshUrl || areCookiesRenewed || !canRefresh)) return;
  throw invalidEndpoint(
    `The option cookies requires a manager with useCookie, and with refreshUrl '${tokenUrl}' or slidingExpiry if it has a store`,
  );
}

function parsePath(value: unknown, name: string): string {
  if (typeof value === 'string' && /^\/[^\s?#]*$/.test(value)) return value;
  throw invalidEndpoint(`${name} must be a path, such as '/logout'`);
}

function withoutPrefix(path: string, proxyPrefix: string | undefined): string {
  if (proxyPrefix === undefined) return path;
  const prefix = parsePath(proxyPrefix, 'proxyPrefix').replace(/\/$/, '');
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  throw invalidEndpoint(
    `'${path}' does not begin with proxyPrefix '${proxyPrefix}'; tokenUrl and revokeUrl are paths as clients see them`,
  );
}

function invalidEndpoint(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'token-endpoints' });
}
