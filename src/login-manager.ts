import type { Action, RoutingControllersOptions } from 'routing-controllers';
import type { Route } from './access/route';
import type { Authentication } from './authentication/authentication';
import { Authenticator } from './authentication/authenticator';
import type { HttpRequest, HttpResponse } from './http/exchange';
import { OriginRule } from './http/origin-rule';
import { TokenCookie } from './http/token-cookie';
import { TokenSource } from './http/token-source';
import { KeyRing } from './jwt/key-ring';
import type { Secret } from './jwt/secret';
import { TokenIssuer, type TokenRequest, type TokenResponse } from './jwt/token-issuer';
import { verifyToken } from './jwt/verify-token';
import type { LoginManagerOptions } from './options/login-manager-options';
import { parseOptions, parseTokenUrl } from './options/parse-options';
import type { SecurityDescription } from './options/security-description';
import type { Role } from './requirement';
import { actionOf } from './routing-controllers/action';
import { attachMiddleware, type MiddlewareTarget } from './routing-controllers/attach-middleware';
import { authorizationCheckerOf, currentUserCheckerOf } from './routing-controllers/checkers';
import { CookieLogin } from './routing-controllers/cookie-login';
import { Gate } from './routing-controllers/gate';
import { type ServerOptions, Servers } from './routing-controllers/servers';
import { TokenLogin } from './routing-controllers/token-login';
import type { Extra, ResolvedAll } from './user-loader/extra-arguments';
import { LoaderSlot } from './user-loader/loader';

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

  private readonly servers: Servers;
  private readonly issuer: TokenIssuer;
  private readonly loader: LoaderSlot;
  private readonly gate: Gate<User>;
  private readonly tokens: TokenLogin<User>;
  private readonly cookies: CookieLogin;

  /**
   * @param secret - An HMAC secret or a key, or several: the first signs, all verify.
   * @param tokenUrl - The path of the login route; null for a server that only verifies tokens.
   * @throws {@link ConfigurationError} for everything that cannot work, with what to do about it.
   */
  constructor(secret: Secret, tokenUrl: string | null, options?: LoginManagerOptions<User>) {
    const settings = parseOptions(options);
    const keys = new KeyRing(secret, settings.algorithm);
    const verify = (token: string) => verifyToken(token, keys, settings);
    const cookie = settings.cookie && new TokenCookie(settings.cookie);
    const originRule = new OriginRule(settings.trustedOrigins);
    const source = new TokenSource(settings.useHeader, cookie);

    this.tokenUrl = parseTokenUrl(tokenUrl);
    this.security = {
      tokenUrl: this.tokenUrl,
      refreshUrl: undefined,
      scopes: settings.scopes,
      useHeader: settings.useHeader,
      cookieName: settings.cookie?.name,
      defaultAccess: settings.defaultAccess,
    };
    this.issuer = new TokenIssuer(keys, settings, settings.defaultExpiry);
    this.loader = new LoaderSlot(settings.userLoader);
    const load = this.loader.load.bind(this.loader);
    const authenticator = new Authenticator<User>({ ...settings, source, originRule, verify, load });
    this.gate = new Gate(authenticator, settings);
    this.tokens = new TokenLogin(authenticator, this.gate, verify, settings.scopeClaim);
    this.cookies = new CookieLogin({ cookie, originRule, verify, gate: this.gate, clock: settings.clock });
    this.currentUserChecker = currentUserCheckerOf(this.gate);
    this.servers = new Servers({
      gate: this.gate,
      rules: { defaultAccess: settings.defaultAccess, declaredScopes: settings.scopes && Object.keys(settings.scopes) },
      authorizationChecker: authorizationCheckerOf(this.gate),
      currentUserChecker: this.currentUserChecker,
      loaderFault: () => this.loader.fault(),
    });
  }

  /**
   * The `authorizationChecker` for routing-controllers' own servers. It needs all the scopes of class and method, and
   * the word of every policy among them; where something is missing it throws. A guard that such a server loses is a
   * process warning, `LOGIN_LOST_GUARD`.
   *
   * @throws {@link ConfigurationError} with `defaultAccess: 'authenticated'`, which such a server cannot keep.
   */
  get checker(): (action: Action, roles: Role[]) => boolean | Promise<boolean> {
    return this.servers.checker();
  }

  /**
   * Serves controllers on an Express application, as routing-controllers' `useExpressServer` does, but loses no guard.
   *
   * @param options - routing-controllers' options, less the two checkers.
   * @throws {@link ConfigurationError} that names every problem of every route, before any route exists.
   */
  useExpressServer<T>(app: T, options: ServerOptions = {}): T {
    this.servers.useExpress(app, options);
    return app;
  }

  /** Serves controllers on a Koa application, likewise. */
  useKoaServer<T>(app: T, options: ServerOptions = {}): T {
    this.servers.useKoa(app, options);
    return app;
  }

  /** Serves controllers on a new Express application, likewise; routing-controllers chooses its version. */
  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers types it
  createExpressServer(options: ServerOptions = {}): any {
    return this.servers.createExpress(options);
  }

  /** Serves controllers on a new Koa application, likewise. */
  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers types it
  createKoaServer(options: ServerOptions = {}): any {
    return this.servers.createKoa(options);
  }

  /**
   * What the manager's servers decide about each route, sorted; `formatRoutes` makes a table of it.
   *
   * @throws {@link ConfigurationError} as those do.
   */
  routes(options: ServerOptions = {}): Route[] {
    return this.servers.routes(options);
  }

  /**
   * Options with both checkers, for a framework that calls routing-controllers' own `useExpressServer`.
   *
   * @throws {@link ConfigurationError} that lists every route which that server would guard less than it is written.
   */
  protect(options: ServerOptions = {}): RoutingControllersOptions {
    return this.servers.protect(options);
  }

  /**
   * Declares a plain function as the user loader: `manager.userLoader(...extra)(fn)`. It gets the token's `sub`, then
   * the extra arguments, as with `@UserLoader`; `fn` is returned and stays callable with all its arguments.
   *
   * @throws {@link ConfigurationError} where the manager has a loader already.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the subject is a string or an integer, as the application wrote it
  userLoader<E extends Extra[]>(...extra: E): <F extends (sub: any, ...extra: ResolvedAll<E>) => unknown>(fn: F) => F {
    return (fn) => {
      this.loader.useFunction(fn as never, extra);
      return fn;
    };
  }

  /**
   * A signed token.
   *
   * @throws {@link ConfigurationError} for data, a lifetime or scopes that no token can have.
   */
  createAccessToken(request: TokenRequest): string {
    return this.issuer.accessToken(request);
  }

  /**
   * The body of a login route's answer (RFC 6749 §5.1), with a signed token.
   *
   * @throws {@link ConfigurationError} likewise.
   */
  async createTokenResponse(request: TokenRequest): Promise<TokenResponse> {
    return this.issuer.tokenResponse(request);
  }

  /**
   * Has the browser keep a token in the manager's cookie, for as long as the token lives.
   *
   * @param token - A token of this manager, or a token response.
   * @throws The not-authenticated exception for a token that this manager would not accept, `CrossOriginError` where a
   * foreign page asked for it, {@link ConfigurationError} where the cookie would be too large, or is not used.
   */
  setCookie(response: HttpResponse, token: string | TokenResponse): void {
    this.cookies.set(response, token);
  }

  /** Has the browser forget the cookie. */
  clearCookie(response: HttpResponse): void {
    this.cookies.clear(response);
  }

  /**
   * Whether a token itself bears all these scopes, whatever `scopesOf` says.
   *
   * @throws The not-authenticated exception for an invalid token.
   */
  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    return this.tokens.hasScopes(token, scopes);
  }

  /** The user of a token. @throws The not-authenticated exception where the token is invalid or its user is gone. */
  async getCurrentUser(token: string): Promise<User> {
    return this.tokens.user(token);
  }

  /**
   * Who sent a request.
   *
   * @param scopes - What is required, as `@Authorized` takes it.
   * @throws As `checker` does.
   */
  async authenticate(
    request: HttpRequest,
    scopes: Role<User> | readonly Role<User>[] = [],
  ): Promise<Authentication<User>> {
    return this.gate.admit(actionOf(request), this.gate.requirementOf([scopes].flat()));
  }

  /**
   * Who sent a request, or null where nobody is logged in, for whatever reason. An error of the loader is thrown.
   *
   * @param scopes - What is required of somebody who is logged in, as `@Authorized` takes it.
   * @throws The out-of-scope exception and `PolicyDeniedError`.
   */
  async optional(request: HttpRequest, scopes: Role<User> | readonly Role<User>[] = []): Promise<User | null> {
    return (await this.gate.admitOptional(actionOf(request), this.gate.requirementOf([scopes].flat())))?.user ?? null;
  }

  /**
   * Sets `request.user` of every request that follows, on Koa `ctx.state.user` too, to the user, or to null where
   * nobody is logged in.
   *
   * @param app - An application or a router of Express or Koa, before its routes.
   */
  attachMiddleware(app: MiddlewareTarget): void {
    attachMiddleware(app, this.gate);
  }
}
