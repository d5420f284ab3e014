import type { Action, RoutingControllersOptions } from 'routing-controllers';
import type { Authentication } from '../authentication/authentication';
import type { Role } from '../authorization/requirement';
import type { Route } from '../authorization/route-table';
import { contextOf, type HttpRequest, type HttpResponse, RequestContext } from '../http/request-context';
import { type CookieOptions } from '../http/token-cookie';
import type { Secret } from '../jwt/keys/secret';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenData } from '../jwt/token-signer';
import { attachMiddleware, type MiddlewareTarget } from '../routing-controllers/attach-middleware';
import { createGuardMiddleware, type GuardMiddleware } from '../routing-controllers/guard-middleware';
import { type ServerOptions } from '../routing-controllers/servers';
import type { OneTimeTokenRequest, RedeemedToken } from '../sessions/one-time-tokens';
import type { RefreshRequest } from '../sessions/refresh-rotation';
import type { SessionInfo } from '../sessions/session-service';
import type { TokenRequest, TokenResponse, TokenResponseRequest } from '../sessions/token-issuer';
import type { Extra } from '../users/loader-arguments';
import type { LoaderFunction, ReturnsUser } from '../users/user-loader';
import { assertKnownKeys, parseBoolean } from '../util/validate';
import {
  assertRequest,
  assertResponse,
  assertToken,
  assertTokenOrRequest,
  assertTokenOrResponse,
} from '../util/validate-arguments';
import { createServices, type Services } from './create-services';
import type { LoginManagerOptions } from './options';
import { parseOptions, parseTokenUrl, type SecurityDescription, securityDescription } from './settings';

/**
 * Logs the users of a routing-controllers application in: makes tokens, finds and verifies them in requests, loads
 * their users, and lets them pass or refuses them.
 *
 * @typeParam User - What the user loader returns; asserted, not inferred.
 */
export class LoginManager<User = unknown> {
  /** The path of the login route, or null. */
  readonly tokenUrl: string | null;

  /** The `currentUserChecker` for routing-controllers: the user, or null where nobody is logged in. */
  readonly currentUserChecker: (action: Action) => User | Promise<User | null>;

  /** @internal */
  readonly security: SecurityDescription;

  private readonly services: Services<User>;

  /**
   * @param secret - An HMAC secret or a key, or several: the first signs, all verify.
   * @param tokenUrl - The path of the login route; null for a server that only verifies tokens.
   * @throws {@link ConfigurationError} for everything that cannot work, with what to do about it.
   */
  constructor(secret: Secret, tokenUrl: string | null, options?: LoginManagerOptions<User>) {
    const settings = parseOptions(options);
    this.tokenUrl = parseTokenUrl(tokenUrl);
    this.security = securityDescription(settings, this.tokenUrl);
    this.services = createServices(secret, settings, this);
    this.currentUserChecker = this.services.currentUserChecker;
  }

  /**
   * The `authorizationChecker` for routing-controllers' own servers. It needs all the scopes of class and method, and
   * the word of every policy among them; where something is missing it throws. A guard that such a server loses is a
   * process warning, `LOGIN_LOST_GUARD`.
   *
   * @throws {@link ConfigurationError} with `defaultAccess: 'authenticated'`, which such a server cannot keep.
   */
  get checker(): (action: Action, roles: Role[]) => boolean | Promise<boolean> {
    return this.services.servers.checker();
  }

  /**
   * Serves controllers on an Express application, as routing-controllers' `useExpressServer` does, but loses no guard.
   *
   * @param options - routing-controllers' options, less the two checkers.
   * @throws {@link ConfigurationError} that names every problem of every route, before any route exists.
   */
  useExpressServer<T>(app: T, options: ServerOptions = {}): T {
    this.services.servers.useExpress(app, options);
    return app;
  }

  /** Serves controllers on a Koa application, likewise. */
  useKoaServer<T>(app: T, options: ServerOptions = {}): T {
    this.services.servers.useKoa(app, options);
    return app;
  }

  /** Serves controllers on a new Express application, likewise; routing-controllers chooses its version. */
  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers types it
  createExpressServer(options: ServerOptions = {}): any {
    return this.services.servers.createExpress(options);
  }

  /** Serves controllers on a new Koa application, likewise. */
  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers types it
  createKoaServer(options: ServerOptions = {}): any {
    return this.services.servers.createKoa(options);
  }

  /**
   * What the manager's servers decide about each route, sorted; `formatRoutes` makes a table of it.
   *
   * @throws {@link ConfigurationError} as those do.
   */
  routes(options: ServerOptions = {}): Route[] {
    return this.services.servers.routes(options);
  }

  /**
   * Options with both checkers, for a framework that calls routing-controllers' own `useExpressServer`.
   *
   * @throws {@link ConfigurationError} that lists every route which that server would guard less than it is written.
   */
  protect(options: ServerOptions = {}): RoutingControllersOptions {
    return this.services.servers.protect(options);
  }

  /**
   * Declares a plain function as the user loader: `manager.userLoader(...extra)(fn)`. It gets the token's `sub`, then
   * the extra arguments, as with `@UserLoader`; `fn` is returned and stays callable with all its arguments.
   *
   * @throws {@link ConfigurationError} where the manager has a loader already.
   */
  userLoader<E extends Extra[]>(...extra: E): <F extends LoaderFunction<E>>(fn: F & ReturnsUser<F>) => F {
    return this.services.loader.decorator(extra);
  }

  /**
   * Creates a signed access token.
   *
   * @throws {@link ConfigurationError} for data, a lifetime or scopes that no token can have, for a scope that the option
   * `scopes` does not declare, and for an unknown property such as `expiresIn`.
   * @example
   * ```ts
   * lm.createAccessToken({ data: { sub: account.email }, expires: '1h', scopes: ['notes:read'] });
   * ```
   */
  createAccessToken(request: TokenRequest): string {
    return this.services.logins.accessToken(this.services.parseTokenRequest(request, 'createAccessToken'));
  }

  /**
   * Creates the body of a login route's answer (RFC 6749 §5.1), with a signed access token.
   *
   * @throws {@link ConfigurationError} for data, a lifetime or scopes that no token can have, for a scope that the option
   * `scopes` does not declare, for an unknown property, and for `refresh: true` without a session store.
   */
  async createTokenResponse(request: TokenResponseRequest): Promise<TokenResponse> {
    return this.services.logins.tokenResponse(this.services.parseTokenRequest(request, 'createTokenResponse'));
  }

  /**
   * Has the browser keep a token in the manager's cookie, for as long as the token lives; the refresh token of a token
   * response in a cookie of its own, `<cookieName>-refresh`, which is sent to `refreshUrl` alone.
   *
   * @param token - A token of this manager, or a token response.
   * @throws The not-authenticated exception for a token that this manager would not accept, `CrossOriginError` where a
   * foreign page asked for it, {@link ConfigurationError} where the cookie would be too large, or is not used.
   */
  setCookie(response: HttpResponse, token: string | TokenResponse, options?: CookieOptions): void {
    assertResponse(response, 'setCookie');
    assertTokenOrResponse(token, 'setCookie');
    this.services.cookies.set(response, token, options);
  }

  /**
   * Removes the cookie and the refresh cookie from the browser, also those that an earlier `domain` or `path` left.
   *
   * @throws `CrossOriginError` if a foreign page sent an unsafe request; {@link ConfigurationError} without `useCookie`.
   */
  clearCookie(response: HttpResponse): void {
    assertResponse(response, 'clearCookie');
    this.services.cookies.clear(response);
  }

  /**
   * Refuses an unsafe request or a WebSocket handshake of a foreign page (CSRF). `setCookie` and `authenticate` check by
   * themselves; call this in a route that acts before, for example one that creates the account it logs in.
   *
   * @throws `CrossOriginError` if the page is foreign.
   * @example
   * lm.checkOrigin(request);
   * const account = await register(form);
   * lm.setCookie(response, lm.createAccessToken({ data: { sub: account.email } }));
   */
  checkOrigin(request: HttpRequest): void {
    assertRequest(request, 'checkOrigin');
    this.services.originCheck.assertSameOrigin(RequestContext.fromRequest(request));
  }

  /**
   * Exchanges a refresh token for a new pair of tokens (RFC 6749 §6). It works once; a second use ends the whole session,
   * because then two have the token.
   *
   * @param from - A refresh token, or a request with the refresh cookie.
   * @param options - `scopes`: fewer of them for the access token. Default: all that were granted.
   * @throws `InvalidGrantError` where the token is invalid, expired or used, its session has ended, or its user is gone;
   * `InvalidScopeError` for a scope that was not granted; `InvalidRequestError` where the request has no token;
   * `CrossOriginError` where a foreign page sent it; `ServiceUnavailableError` where the store cannot be asked.
   */
  async refresh(from: string | HttpRequest, { scopes }: { scopes?: readonly string[] } = {}): Promise<TokenResponse> {
    assertTokenOrRequest(from, 'refresh');
    return this.services.sessions.refresh(from, { scopes });
  }

  /** @internal Begins a session for a request of the token endpoint. */
  async issueTokens(request: TokenResponseRequest, action: Action): Promise<TokenResponse> {
    const parsed = this.services.parseTokenRequest(request, 'createTokenResponse');
    return this.services.logins.tokenResponse(parsed, contextOf(action));
  }

  /** @internal Refreshes with the scopes that the user may have now. */
  async refreshWith(from: string | HttpRequest, request: RefreshRequest): Promise<TokenResponse> {
    return this.services.sessions.refresh(from, request);
  }

  /**
   * Takes a login back, on every server of the store: of a refresh token its whole family, of an access token that token
   * alone, of a request the whole family of whatever it bears. An invalid token is no error (RFC 7009 §2.2).
   *
   * @throws `ServiceUnavailableError` where the store cannot be asked; `CrossOriginError` where a foreign page sent the
   * request; {@link ConfigurationError} without the option `revocation`.
   */
  async revoke(from: string | HttpRequest): Promise<void> {
    assertTokenOrRequest(from, 'revoke');
    return this.services.sessions.revoke(from);
  }

  /** Takes all logins of a subject up to now back. @throws As `revoke` does. */
  async revokeAll(sub: string | number): Promise<void> {
    return this.services.sessions.revokeAll(sub);
  }

  /**
   * Logs a browser in: begins a session and sets its cookies. The session of the cookies that the request had ends, so
   * that nobody goes on with a session that somebody else has begun (session fixation). The response gets
   * `Cache-Control: no-store`.
   *
   * @param response - The response of Express, or `ctx` of Koa.
   * @param login - `data` and `scopes` as for {@link createAccessToken}. `remember`: whether the login stays when the browser
   * is closed; default `false`.
   * @throws `CrossOriginError` if a foreign page sent the request; `ServiceUnavailableError` if the store cannot be asked;
   * {@link ConfigurationError} if the manager uses no cookies.
   * @example
   * ```ts
   * await lm.login(response, { data: { sub: account.id }, scopes: account.scopes, remember: true });
   * ```
   */
  async login(
    response: HttpResponse,
    login: { data: TokenData; scopes?: readonly string[]; remember?: boolean },
  ): Promise<void> {
    return this.services.sessions.login(response, this.services.parseTokenRequest(login, 'login'));
  }

  /**
   * Logs a browser or a client out: ends the session of whatever the request has, expired or not, and clears the cookies.
   *
   * @throws `CrossOriginError` if a foreign page sent the request; `ServiceUnavailableError` if the store cannot be asked:
   * the cookies are cleared nevertheless.
   */
  async logout(request: HttpRequest, response: HttpResponse): Promise<void> {
    return this.services.sessions.logout(request, response);
  }

  /**
   * Returns the sessions of a user, the newest login first. `address` and `userAgent` are personal data; the option
   * `keepClientDetails: false` keeps neither.
   *
   * @throws {@link ConfigurationError} without a session store that can list; `ServiceUnavailableError` if it cannot be asked.
   */
  async sessions(sub: string | number): Promise<SessionInfo[]> {
    return this.services.sessions.list(sub);
  }

  /**
   * Ends one session, whatever tokens it has. That it has ended before is no error. The application checks that the session
   * is its user's: it is among `sessions(sub)`.
   *
   * @param id - As {@link sessions} returns it, and {@link authenticate} as `session.id`.
   */
  async endSession(id: string): Promise<void> {
    return this.services.sessions.end(id);
  }

  /**
   * Makes a token that is good once and for one purpose: a password reset, a verified address, a magic link. It is never
   * accepted as an access token.
   *
   * @throws {@link ConfigurationError} for an invalid request, and without both a session store and `bind`.
   * @example
   * ```ts
   * lm.createOneTimeToken({ purpose: 'password-reset', sub: account.id, expires: '1h', bind: account.passwordHash });
   * ```
   */
  createOneTimeToken(request: OneTimeTokenRequest): string {
    return this.services.oneTimeTokens.create(request);
  }

  /**
   * Uses a one-time token up, and returns what it says. Of any number of callers, on whatever server, one succeeds.
   *
   * @throws `InvalidGrantError` for a token that is invalid, expired, used, for another purpose, or bound to another value.
   */
  async redeem(token: string, purpose: string, options?: { bind?: string }): Promise<RedeemedToken> {
    return this.services.oneTimeTokens.redeem(token, purpose, options);
  }

  /** Has the user of a subject loaded again at the next request, where `userCache` shares users between requests. */
  forgetUser(sub: string | number): void {
    this.services.caches.forget(sub);
  }

  /**
   * Returns whether a token itself has all these scopes, whatever `scopesOf` returns.
   *
   * @throws The not-authenticated exception for an invalid token; {@link ConfigurationError} for a token that is
   * undefined, null or a promise, and for anything but scopes.
   */
  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    assertToken(token, 'hasScopes');
    return this.services.tokens.hasScopes(token, scopes);
  }

  /**
   * Returns the payload of a valid access token. No user is loaded.
   *
   * @returns The claims, frozen and shared with other requests.
   * @throws The not-authenticated exception for a token that is invalid, expired or revoked; `ServiceUnavailableError` if
   * the session store cannot be reached; {@link ConfigurationError} for undefined, null and a promise.
   * @example
   * ```ts
   * const { sub } = await lm.verify(token);
   * ```
   */
  async verify(token: string): Promise<TokenPayload> {
    assertToken(token, 'verify');
    return this.services.tokens.verify(token);
  }

  /**
   * Returns the user of a token.
   *
   * @throws The not-authenticated exception if the token is invalid or its user does not exist;
   * {@link ConfigurationError} for undefined, null and a promise.
   */
  async getCurrentUser(token: string): Promise<User> {
    assertToken(token, 'getCurrentUser');
    return this.services.tokens.user(token);
  }

  /**
   * Returns who sent a request.
   *
   * @param scopes - What is required, as `@Authorized` takes it. Default: a login only.
   * @throws As `checker` does; {@link ConfigurationError} for scopes that are undefined or null, as in a circular import.
   */
  async authenticate(
    request: HttpRequest,
    ...required: [scopes?: Role<User> | readonly Role<User>[]]
  ): Promise<Authentication<User>> {
    assertRequest(request, 'authenticate');
    return this.services.authorizer.authenticateRequest(request, rolesOf(required));
  }

  /**
   * Returns the user of a request, or null if the request is not authenticated.
   *
   * @param scopes - What a user must have, as `@Authorized` takes it. Default: nothing more than a login.
   * @param options - `strict`: only a missing token is null; a bad one is refused. Default: both are null.
   * @throws The out-of-scope exception and `PolicyDeniedError`; with `strict` the not-authenticated exception and
   * `CrossOriginError` too. An error of the loader is thrown. {@link ConfigurationError} for scopes that are undefined or
   * null, as in a circular import.
   */
  async optional(
    request: HttpRequest,
    ...args: [scopes?: Role<User> | readonly Role<User>[], options?: { strict?: boolean }]
  ): Promise<User | null> {
    assertRequest(request, 'optional');
    const [scopes, options] = args;
    // `undefined` before options leaves the scopes out; alone it is most often a circular import.
    const roles = args.length > 1 && scopes === undefined ? NO_ROLES : rolesOf(args);
    const { strict, ...unknown } = options ?? {};
    assertKnownKeys(unknown, ['strict'], 'optional()');
    return this.services.authorizer.optionalUser(request, roles, parseBoolean(strict, false, 'strict'));
  }

  /**
   * Returns a middleware that requires what `@Authorized(...roles)` does, for what routing-controllers does not serve:
   * static files, Swagger UI, GraphQL. It works on Express and Koa, sets `request.user` (on Koa `ctx.state.user` too),
   * and answers a denied request by itself, as JSON. Errors of the application's own functions go to `next(error)`; on
   * Koa they are thrown.
   *
   * @param roles - Scopes, `anyOf(…)` and policies. None requires a login only.
   * @throws {@link ConfigurationError} for anything else.
   * @example
   * ```ts
   * app.use('/docs', manager.guard('docs:read'), express.static('docs'));
   * ```
   */
  guard(...roles: (Role<User> | readonly Role<User>[])[]): GuardMiddleware {
    return createGuardMiddleware(this.services.authorizer, roles);
  }

  /**
   * Sets `request.user` of every request that follows, on Koa `ctx.state.user` too, to the user, or to null where
   * nobody is logged in.
   *
   * @param app - An application or a router of Express or Koa, before its routes.
   */
  attachMiddleware(app: MiddlewareTarget): void {
    attachMiddleware(app, this.services.authorizer);
  }
}

const NO_ROLES: readonly never[] = Object.freeze([]);

/** Returns the scopes that a call was given. Those given as undefined are kept, so that they are refused. */
function rolesOf<User>(
  args: readonly [scopes?: Role<User> | readonly Role<User>[], ...rest: unknown[]],
): Role<User> | readonly Role<User>[] {
  return args.length === 0 ? NO_ROLES : (args[0] as Role<User>);
}
