import type { Action, RoutingControllersOptions } from 'routing-controllers';
import type { Role } from '../authorization/requirement';
import type { Route } from '../authorization/route-table';
import { attachMiddleware, type MiddlewareTarget } from '../routing-controllers/attach-middleware';
import { createGuardMiddleware, type GuardMiddleware } from '../routing-controllers/guard-middleware';
import { type ServerOptions } from '../routing-controllers/servers';
import { attachWellKnown } from '../routing-controllers/well-known/attach-well-known';
import type { WellKnownOptions } from '../routing-controllers/well-known/documents';
import type { Extra } from '../users/loader-arguments';
import type { LoaderFunction, ReturnsUser } from '../users/user-loader';

import { SessionMethods } from './session-methods';

/** The methods of a manager that serve controllers, and guard routes that routing-controllers does not serve. */
export abstract class ServerMethods<User> extends SessionMethods<User> {
  /**
   * The `authorizationChecker` for routing-controllers' own servers. Requires every scope declared on the class and the
   * method, and every policy to return true. Throws otherwise. If such a server loses a guard, there is a process
   * warning, `LOGIN_LOST_GUARD`.
   *
   * @throws {@link ConfigurationError} with `defaultAccess: 'authenticated'`, which such a server cannot enforce.
   * @example
   * ```ts
   * useExpressServer(app, { controllers, authorizationChecker: lm.checker, currentUserChecker: lm.currentUserChecker });
   * ```
   */
  get checker(): (action: Action, roles: Role[]) => boolean | Promise<boolean> {
    return this.services.servers.checker();
  }

  /**
   * Registers controllers on an Express application, as routing-controllers' `useExpressServer` does, but with
   * every guard, including those of base classes.
   *
   * @param options - routing-controllers' options, without the two checkers.
   * @throws {@link ConfigurationError} that lists all problems of all routes, before any route is registered.
   * @example
   * ```ts
   * lm.useExpressServer(express(), { controllers: [Notes] });
   * ```
   */
  useExpressServer<T>(app: T, options: ServerOptions = {}): T {
    this.services.servers.useExpress(app, options);
    return app;
  }

  /**
   * Registers controllers on a Koa application. See {@link useExpressServer}.
   *
   * @example
   * ```ts
   * lm.useKoaServer(new Koa(), { controllers: [Notes] });
   * ```
   */
  useKoaServer<T>(app: T, options: ServerOptions = {}): T {
    this.services.servers.useKoa(app, options);
    return app;
  }

  /**
   * Creates an Express application with controllers; routing-controllers chooses its version. See {@link useExpressServer}.
   *
   * @example
   * ```ts
   * lm.createExpressServer({ controllers: [Notes] }).listen(3000);
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers types it
  createExpressServer(options: ServerOptions = {}): any {
    return this.services.servers.createExpress(options);
  }

  /**
   * Creates a Koa application with controllers. See {@link useExpressServer}.
   *
   * @example
   * ```ts
   * lm.createKoaServer({ controllers: [Notes] }).listen(3000);
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers types it
  createKoaServer(options: ServerOptions = {}): any {
    return this.services.servers.createKoa(options);
  }

  /**
   * Returns the requirements of each route on the manager's servers, sorted by path. `formatRoutes` prints them as a
   * table.
   *
   * @throws {@link ConfigurationError} as {@link useExpressServer} does.
   * @example
   * ```ts
   * console.log(formatRoutes(lm.routes({ controllers: [Notes] })));
   * ```
   */
  routes(options: ServerOptions = {}): Route[] {
    return this.services.servers.routes(options);
  }

  /**
   * Returns options with both checkers, for a framework that calls routing-controllers' own `useExpressServer`.
   *
   * @throws {@link ConfigurationError} that lists every route that this server would not guard as declared.
   * @example
   * ```ts
   * useExpressServer(app, lm.protect({ controllers: [Notes] }));
   * ```
   */
  protect(options: ServerOptions = {}): RoutingControllersOptions {
    return this.services.servers.protect(options);
  }

  /**
   * Declares a plain function as the user loader. It gets the token's `sub`, then the extra arguments, as with
   * `@UserLoader`; it is returned unchanged.
   *
   * @throws {@link ConfigurationError} if the manager already has a loader.
   * @example
   * ```ts
   * const findAccount = lm.userLoader({ db })((email, { db }) => db.accounts.find(email));
   * ```
   */
  userLoader<E extends Extra[]>(...extra: E): <F extends LoaderFunction<E>>(fn: F & ReturnsUser<F>) => F {
    return this.services.loader.decorator(extra);
  }

  /**
   * Fetches the keys of the issuers before the first request. Without `{ issuer }`, `{ jwksUri }` and `issuers` it does
   * nothing. The call is optional: otherwise keys are fetched for the first token that needs them.
   *
   * @throws `ServiceUnavailableError` if an issuer does not answer; its `cause` says which. Later requests try again.
   * @example
   * ```ts
   * await lm.ready();
   * app.listen(3000);
   * ```
   */
  async ready(): Promise<void> {
    await this.services.ready();
  }

  /**
   * Returns a middleware with the requirements of `@Authorized([...roles])`, for routes that routing-controllers does
   * not serve: static files, Swagger UI, GraphQL. It works on Express and Koa, sets `request.user` (on Koa also
   * `ctx.state.user`), and answers a denied request itself, as JSON. Errors of the application's own functions go to
   * `next(error)`; on Koa they are thrown.
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
   * Sets `request.user` (on Koa also `ctx.state.user`) for all middleware and routes after it: to the user, or to null
   * if the request is not authenticated. It never denies a request: while the session store is unavailable, the user is
   * null too, so deny with `guard` or `@Authorized`, not by this property alone.
   *
   * @param app - An application or a router of Express or Koa, before its routes.
   * @example
   * ```ts
   * lm.attachMiddleware(app);
   * ```
   */
  attachMiddleware(app: MiddlewareTarget): void {
    attachMiddleware(app, this.services.authorizer);
  }

  /**
   * Serves public metadata for clients and other services at the root of the application:
   * `/.well-known/jwks.json` with the public keys; `/.well-known/oauth-authorization-server` with `issuer` (RFC 8414);
   * `/.well-known/oauth-protected-resource` with the option `resource` (RFC 9728). A path of the issuer or the resource is
   * appended. The documents come from the configuration alone.
   *
   * @param app - An application of Express or Koa, before controllers and middleware that could refuse the requests.
   * @throws {@link ConfigurationError} if the manager has nothing to serve, and for an issuer other than the tokens', or one
   * that is an identity provider.
   * @example
   * ```ts
   * lm.attachWellKnown(app, { issuer: 'https://login.example.com' });
   * lm.useExpressServer(app, { controllers });
   * ```
   */
  attachWellKnown(app: MiddlewareTarget, options: WellKnownOptions = {}): void {
    attachWellKnown(app, this.services.metadata, options);
  }
}
