import type { Credential } from '../authentication/credential';
import type { DefinedScopes, ScopeDefinitions } from '../authorization/define-scopes';
import type { ExceptionOption, NotAuthenticatedException } from '../errors/custom-exceptions';
import type { InsufficientScopeError } from '../errors/insufficient-scope-error';
import type { TokenFrom } from '../http/token-extractor';
import type { Issuers } from '../jwt/issuers/issuer-options';
import type { Algorithm } from '../jwt/keys/algorithm';
import type { ScopeClaimName, ScopeReader } from '../jwt/scope-claim';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenProfile } from '../jwt/token-type';
import type { LoaderClass } from '../users/loader-registry';
import type { Duration } from '../util/duration';
import type { Awaitable } from '../util/maybe-promise';
import type { BrowserOptions } from './browser-options';
import type { LifetimeOptions } from './lifetime-options';

/** Options of a `LoginManager`. */
export interface LoginManagerOptions<User> extends LifetimeOptions<User>, BrowserOptions {
  /**
   * The signature algorithm of the tokens. Default `'HS256'`. The header of a token never determines it.
   *
   * An array is for a manager that only verifies. Each key verifies the algorithm that fits its type, or that its JWK
   * names. A key that fits several algorithms is a {@link ConfigurationError}.
   *
   * @example
   * ```ts
   * new LoginManager({ keys: [rsaJwk, ed25519Jwk] }, null, { algorithm: ['RS256', 'EdDSA'] });
   * ```
   */
  algorithm?: Algorithm | readonly Algorithm[];
  /**
   * Whether tokens in the `Authorization: Bearer` header are accepted. Default `true`.
   *
   * @example
   * new LoginManager(SECRET, '/login', { useHeader: false, useCookie: true }); // browsers only
   */
  useHeader?: boolean;
  /**
   * Reads a token from elsewhere in a request, for example from the query of an `EventSource`. It is called if neither
   * header nor cookie contains a token, with the request of Express or `ctx.request` of Koa. `undefined`, `null`
   * and an empty string mean no token; a value of another type is an invalid token. Such tokens are not subject to the
   * origin check. Default: none.
   *
   * @example
   * tokenFrom: (request) => request.query.token
   */
  tokenFrom?: TokenFrom;
  /**
   * Other credentials, such as `apiKey(…)`, tried in this order if a request has no token. With at least one of them,
   * `useHeader` and `useCookie` may both be false. Default: none.
   *
   * @example
   * credentials: [apiKey({ header: 'X-API-Key', load: (key) => apiKeys.find(sha256(key)) })]
   */
  credentials?: readonly Credential<User>[];
  /**
   * Thrown instead of every 401: if a request has no valid login, and if the login is too old or too weak for
   * `stepUp`. Default: the `NotAuthenticatedError`, or the `InsufficientAuthenticationError`.
   *
   * @example
   * notAuthenticatedException: redirectTo('/login')
   */
  notAuthenticatedException?: NotAuthenticatedException;
  /**
   * Thrown for a valid token that lacks a required scope. Default: the `InsufficientScopeError` (403).
   *
   * @example
   * outOfScopeException: (error) => new NotFoundError(error.message)
   */
  outOfScopeException?: ExceptionOption<InsufficientScopeError>;
  /**
   * The realm of every `WWW-Authenticate: Bearer` header (RFC 6750 §3). Default `'api'`.
   *
   * @example
   * realm: 'notes'
   */
  realm?: string;
  /**
   * Scopes and their descriptions, or the result of `defineScopes`. If set, any other scope in `@Authorized` or in a
   * new token is a {@link ConfigurationError}. A scope includes those that it `implies`. Scopes that imply each other,
   * or an undeclared scope, are refused. Default: none, and every scope is allowed.
   *
   * @example
   * scopes: { 'notes:read': 'Read notes', 'notes:write': { description: 'Change notes', implies: ['notes:read'] } }
   */
  scopes?: ScopeDefinitions | DefinedScopes;
  /**
   * The requirement of routes without a declaration of their own. `'public'` requires nothing, `'authenticated'`
   * requires a login, unless the route is `@Public()`. Only the manager's servers can enforce `'authenticated'`.
   * Default `'public'`.
   *
   * @example
   * defaultAccess: 'authenticated' // then @Public() opens a route
   */
  defaultAccess?: 'public' | 'authenticated';
  /**
   * Returns the scopes of a user, for example roles in a database. They replace those of the token. Default: none.
   *
   * @example
   * scopesOf: (account) => account.roles
   */
  scopesOf?: (user: User, payload: TokenPayload) => Awaitable<readonly string[]>;
  /**
   * The class whose `@UserLoader` this manager uses. Default: the only class that has one.
   *
   * @example
   * new LoginManager<Account>(SECRET, '/login', { userLoader: Accounts });
   */
  userLoader?: LoaderClass;
  /**
   * The `iss` that the manager's tokens get and must have (RFC 7519 §4.1.1). Without it and `issuers`, any `iss` is
   * accepted.
   *
   * @example
   * issuer: 'https://login.example.com'
   */
  issuer?: string;
  /**
   * The names of this API. New tokens get them as `aud`, and a token must have one of them (RFC 7519 §4.1.3). Default:
   * the option `resource`. Without both, a token with an `aud` is refused, because it is meant for another service.
   *
   * @example
   * audience: 'https://api.example.com'
   */
  audience?: string | readonly string[];
  /**
   * How far clocks may differ when times are checked, in seconds. Default `0`.
   *
   * @example
   * clockTolerance: 5
   */
  clockTolerance?: number;
  /**
   * Checks the claims of an access token. False refuses the token (401, `token_invalid`). It is not called again while
   * the token is in the `verifiedTokenCache`, so it must depend on the payload alone. Anything but a boolean is a
   * {@link ConfigurationError}. Default: none.
   *
   * @example
   * ```ts
   * new LoginManager(SECRET, '/login', { acceptClaims: (payload) => payload.tenant === 'acme' });
   * ```
   */
  acceptClaims?: (payload: TokenPayload) => boolean;
  /**
   * `'at+jwt'` requires RFC 9068 of access tokens: `typ` must be `at+jwt`, with `iss`, `exp`, `aud`, `sub`,
   * `client_id`, `iat` and `jti`. It needs the options `issuer` and `audience`, and new tokens need `client_id` in
   * their `data`. Default: none.
   *
   * @example
   * { tokenProfile: 'at+jwt', issuer: 'https://login.example.com', audience: 'https://api.example.com' }
   */
  tokenProfile?: TokenProfile;
  /**
   * Identity providers whose access tokens are accepted in addition to the manager's own: an array, or a function for
   * tenants. The `iss` of a token selects one of them. A token without `iss` is verified with the manager's own secret,
   * and any other `iss` that is not the option `issuer` is refused. Equal subjects of two issuers are two users, who
   * share no cached user and no session; distinguish them in the loader with
   * `provide((action, payload) => payload.iss)`. `securityStamp` does not apply to their tokens. Default: none.
   *
   * @example
   * ```ts
   * new LoginManager(SECRET, '/login', { issuers: [{ issuer: 'https://accounts.example.org', audience: 'app-1' }] });
   * ```
   */
  issuers?: Issuers;
  /**
   * The claim with the scopes, as an array or space-separated, or a function that returns the scopes of a payload.
   * Default `'scopes'`, an array in the manager's own tokens; `'scope'` is a space-separated string (RFC 9068). If the
   * configured one of these two is absent, the other is read. With a function, the manager's own tokens use `scopes`.
   *
   * @example
   * scopeClaim: 'scp' // Entra ID; 'permissions' of Auth0
   * @example
   * scopeClaim: (payload) => (payload.realm_access as { roles?: string[] })?.roles // Keycloak
   */
  scopeClaim?: ScopeClaimName | ScopeReader;
  /**
   * The URL of this API (RFC 8707, RFC 9728): https, or http on the loopback, without a fragment. It is the default
   * `audience`. Every `WWW-Authenticate` header has the URL of its metadata, which `attachWellKnown` serves, and that
   * of a 401 the scopes of the route. With `originCheck: 'always'` its origin is the application's own. Default: none.
   *
   * @example
   * resource: 'https://api.example.com/mcp'
   */
  resource?: string;
  /**
   * How many verified tokens are cached, and for how long they are not verified again. Their times and their revocation
   * are still checked for each request. `false` disables the cache. Default `{ max: 10_000, maxAge: '5m' }`.
   *
   * @example
   * verifiedTokenCache: { max: 100_000 }
   */
  verifiedTokenCache?: { max?: number; maxAge?: Duration } | false;
  /**
   * Shares users between requests: until `maxAge` has passed, requests do not see a change or a deletion of a user, unless
   * `forgetUser` is called. Default: none, each request loads its user.
   *
   * @example
   * userCache: { max: 1000, maxAge: '30s' }
   */
  userCache?: { max: number; maxAge: Duration };
  /**
   * Whether `current()` returns the authentication of the running request, in all code that its handler and policies
   * call. The manager's servers, `guard` and `attachMiddleware` use an `AsyncLocalStorage` for it, which slows down
   * promises: a server answers up to a quarter fewer small requests. Default `false`.
   *
   * @example
   * context: true // then lm.current().user
   */
  context?: boolean;
  /**
   * Returns the time in milliseconds since the epoch; for tests. If it throws, or returns anything but a finite number,
   * every request that requires a login is denied. Default `Date.now`.
   *
   * @example
   * const clock = () => now; // now += 15 * 60_000 expires a token
   */
  clock?: () => number;
}
