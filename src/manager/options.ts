import type { Credential } from '../authentication/credential';
import type { DefinedScopes, ScopeDefinitions } from '../authorization/define-scopes';
import type { ExceptionOption, NotAuthenticatedException } from '../errors/custom-exceptions';
import type { InsufficientScopeError } from '../errors/insufficient-scope-error';
import type { CookieAttributes } from '../http/cookies/cookie-options';
import type { OriginCheckMode } from '../http/origin-check';
import type { TokenFrom } from '../http/token-extractor';
import type { TrustedOrigins } from '../http/trusted-origins';
import type { Issuers } from '../jwt/issuers/issuer-options';
import type { Algorithm } from '../jwt/keys/algorithm';
import type { ScopeClaimName, ScopeReader } from '../jwt/scope-claim';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenProfile } from '../jwt/token-type';
import type { LoaderClass } from '../users/loader-registry';
import type { Duration } from '../util/duration';
import type { Awaitable } from '../util/maybe-promise';
import type { LifetimeOptions } from './lifetime-options';

/** Options of a `LoginManager`. */
export interface LoginManagerOptions<User> extends LifetimeOptions<User> {
  /**
   * The signature algorithm of the tokens. Default `'HS256'`. A token's own header never chooses it.
   *
   * An array is for a manager that only verifies: each key verifies the one algorithm it fits, or that its JWK names; a
   * key that fits several is a {@link ConfigurationError}.
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
   * Whether tokens in the cookie are accepted. Default `false`.
   *
   * @example
   * new LoginManager(SECRET, '/login', { useCookie: true }); // the header first, then the cookie
   */
  useCookie?: boolean;
  /**
   * Reads a token from elsewhere in a request, for example from the query of an `EventSource`. It is asked if neither the
   * header nor the cookie holds a token, and gets the request of Express, or `ctx.request` of Koa. `undefined`, `null`
   * and an empty string mean no token; a value of another type is an invalid token. Such tokens are not subject to the
   * origin check. Default: none.
   *
   * @example
   * tokenFrom: (request) => request.query.token
   */
  tokenFrom?: TokenFrom;
  /**
   * Further ways to authenticate a request, such as `apiKey(…)`, tried in this order if a request has no token. With one
   * of them `useHeader` and `useCookie` may both be false. Default: none.
   *
   * @example
   * credentials: [apiKey({ header: 'X-API-Key', load: (key) => apiKeys.find(sha256(key)) })]
   */
  credentials?: readonly Credential<User>[];
  /**
   * Default `'access-token'`. A name that begins with `__Host-` or `__Secure-` binds further attributes.
   *
   * @example
   * cookieName: '__Host-session'
   */
  cookieName?: string;
  /**
   * Further attributes of the cookie.
   *
   * @example
   * cookie: { sameSite: 'strict', domain: 'example.com' }
   */
  cookie?: CookieAttributes;
  /**
   * Thrown instead of every 401: whenever no user can be established, and if the login is too old or too weak for
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
   * Scopes and their descriptions, or what `defineScopes` returns. If set, any other scope in `@Authorized` or in a new
   * token is a {@link ConfigurationError}. Whoever has a scope also has those that it `implies`; scopes that imply each other
   * or an undeclared one are refused. Default: none, and every scope is allowed.
   *
   * @example
   * scopes: { 'notes:read': 'Read notes', 'notes:write': { description: 'Change notes', implies: ['notes:read'] } }
   */
  scopes?: ScopeDefinitions | DefinedScopes;
  /**
   * What a route requires that declares nothing itself: `'public'` requires nothing, `'authenticated'` a login, unless the
   * route is `@Public()`. Only the manager's own servers can enforce `'authenticated'`. Default `'public'`.
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
   * The `iss` that own tokens get and must have (RFC 7519 §4.1.1). Default: none, and any `iss` is accepted without `issuers`.
   *
   * @example
   * issuer: 'https://login.example.com'
   */
  issuer?: string;
  /**
   * The names of this API: the `aud` that tokens get, and of which a token must have one (RFC 7519 §4.1.3). Default:
   * the option `resource`. Without both, a token that has an `aud` is refused, because it is meant for another service.
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
   * Checks the claims of an access token: false refuses the token (401, `token_invalid`). It is not called again while the
   * token is in the `verifiedTokenCache`, so it must depend on the payload alone. Anything but a boolean is a
   * {@link ConfigurationError}. Default: none.
   *
   * @example
   * ```ts
   * new LoginManager(SECRET, '/login', { acceptClaims: (payload) => payload.tenant === 'acme' });
   * ```
   */
  acceptClaims?: (payload: TokenPayload) => boolean;
  /**
   * `'at+jwt'` holds access tokens to RFC 9068: `typ` is `at+jwt`, and `iss`, `exp`, `aud`, `sub`, `client_id`, `iat` and
   * `jti` are required. It needs the options `issuer` and `audience`, and tokens need `client_id` among their `data`.
   * Default: none.
   *
   * @example
   * { tokenProfile: 'at+jwt', issuer: 'https://login.example.com', audience: 'https://api.example.com' }
   */
  tokenProfile?: TokenProfile;
  /**
   * Identity providers whose access tokens are accepted beside the manager's own: an array, or a function for tenants. The
   * `iss` of a token chooses exactly one of them; a token without `iss` is verified by the manager's own secret, and one
   * with an `iss` that is neither theirs nor the option `issuer` is refused. Equal subjects of two issuers are two users:
   * they share no cached user and no session; the loader tells them apart by `provide((action, payload) => payload.iss)`.
   * `securityStamp` does not concern their tokens. Default: none.
   *
   * @example
   * ```ts
   * new LoginManager(SECRET, '/login', { issuers: [{ issuer: 'https://accounts.example.org', audience: 'app-1' }] });
   * ```
   */
  issuers?: Issuers;
  /**
   * The claim that holds the scopes, as an array or space-separated, or a function that returns the scopes of a payload.
   * Default `'scopes'`, an array in the manager's own tokens; `'scope'` is a space-separated string (RFC 9068). Of these
   * two the other is read only if this one is absent. With a function, own tokens have their scopes in `scopes`.
   *
   * @example
   * scopeClaim: 'scp' // Entra ID; 'permissions' of Auth0
   * @example
   * scopeClaim: (payload) => (payload.realm_access as { roles?: string[] })?.roles // Keycloak
   */
  scopeClaim?: ScopeClaimName | ScopeReader;
  /**
   * Origins, beside the application's own, whose pages may send unsafe requests and WebSocket handshakes with the cookie:
   * an array of origins and patterns, or a function. Default: none.
   *
   * @example
   * trustedOrigins: ['https://app.example.com', 'https://*.example.com', 'capacitor://localhost']
   */
  trustedOrigins?: TrustedOrigins;
  /**
   * The URL of this API (RFC 8707, RFC 9728): https, or http on the loopback, without a fragment. It is the default
   * `audience`; every `WWW-Authenticate` header names its metadata, which `attachWellKnown` serves, and that of a 401 names
   * the scopes which the route needs. With `originCheck: 'always'` its origin is the application's own. Default: none.
   *
   * @example
   * resource: 'https://api.example.com/mcp'
   */
  resource?: string;
  /**
   * `'cookie'` checks where a request comes from if the cookie authenticates it; `'always'` checks every authenticated
   * request that has an `Origin` header, whatever its method and wherever its token is, as MCP's transport requires.
   * Default `'cookie'`.
   *
   * @example
   * originCheck: 'always'
   */
  originCheck?: OriginCheckMode;
  /**
   * The `Cache-Control` of responses to requests that the cookie authenticated, if they have none of their own; they get
   * `Vary: Cookie` too, so that no shared cache shows one user's page to another. `false` sets neither. A response that
   * sets a login cookie is always `no-store`. Default `'private, no-cache'`.
   *
   * @example
   * cacheControl: false
   */
  cacheControl?: string | false;
  /**
   * How many valid tokens are cached, and how long they are not verified again. Their times and their revocation are
   * still checked for each request. `false` disables the cache. Default `{ max: 10_000, maxAge: '5m' }`.
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
   * Whether `current()` returns the authentication of the running request, anywhere below its handler and its policies.
   * The manager's servers, `guard` and `attachMiddleware` enter an `AsyncLocalStorage` for it, which slows promises down: a
   * server answers up to a fifth fewer small requests. Default `false`.
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
