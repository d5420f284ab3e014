import type { Action, ActionMetadata } from 'routing-controllers';
import { NO_REQUIREMENT } from '../authorization/requirement';
import { isAuthError } from '../errors/auth-error';
import { prepareErrorResponse } from '../http/error-response';
import { contextOf, type HttpRequest, RequestContext } from '../http/request-context';
import { trackResponse } from '../http/response-headers';
import { inherit } from './inherited-metadata';
import { protectedControllers } from './lost-guards';
import type { ResolvedRoute, RouteCollector } from './route-collector';
import { createRouteGuard, type RouteAuthorizer, type RouteGuard } from './route-guard';

/** Makes a middleware of the driver's framework from a guard. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
export type ToMiddleware = (guard: RouteGuard, metadata: ActionMetadata) => Function;

/** What is different from framework to framework. */
export interface DriverHooks {
  readonly toMiddleware: ToMiddleware;
  /** Middleware that runs after the route's own. */
  // biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
  readonly afterMiddleware: (route: ResolvedRoute) => readonly Function[];
  /** Answers an error. */
  readonly handleError: (error: unknown, metadata: ActionMetadata, action: Action) => unknown;
}

/** What the two secure drivers have in common: they mend what routing-controllers loses. */
export class SecureRoutes {
  constructor(
    readonly collector: RouteCollector,
    private readonly authorizer: RouteAuthorizer,
  ) {}

  /**
   * Decides about all routes, then completes each: guard first, then the middleware of all its classes, the body, the
   * policies, the handler. routing-controllers' own authorization has no part in it: it comes before uploads.
   */
  prepare(parts: DriverHooks): { metadata: ActionMetadata; execute: ResolvedRoute['execute'] }[] {
    const routes = this.collector.resolveOrThrow();
    const { hasLoader } = this.collector;
    for (const route of routes) this.prepareRoute(route, parts, hasLoader);
    for (const { metadata } of routes) metadata.controllerMetadata.uses = []; // each route has them among its own
    return routes.map((route) => ({ metadata: route.metadata, execute: this.withPolicies(route, parts) }));
  }

  /** Sees to it that a refusal is answered as one, and that a 401 has a challenge, whoever throws them. */
  prepareError(error: unknown, action: Action): void {
    if (isAuthError(error)) prepareErrorResponse(error, contextOf(action));
    else if (isUnauthorized(error)) trackResponse(contextOf(action), this.authorizer.challenge);
  }

  private prepareRoute(
    route: ResolvedRoute,
    { toMiddleware: middlewareOf, afterMiddleware: lastOf }: DriverHooks,
    hasLoader: boolean,
  ): void {
    const { metadata, routeMetadata: declarations } = route;
    const { target, method } = metadata;
    inherit(metadata, declarations);
    const guard = createRouteGuard(route, this.authorizer, hasLoader);
    const first = guard ? middlewareOf(guard, metadata) : trackOnly(this.authorizer.challenge);
    // biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
    const use = (middleware: Function) => ({ target, method, middleware, afterAction: false });
    metadata.uses = [use(first), ...metadata.uses, ...lastOf(route).map(use)];
    metadata.isAuthorizedUsed = false;
    metadata.authorizedRoles = [];
    protectedControllers.add(metadata.target);
  }

  /** The policies see what the handler will see: the same action, with its body. */
  private withPolicies(
    { metadata, access, execute }: ResolvedRoute,
    { handleError: refuse }: DriverHooks,
  ): ResolvedRoute['execute'] {
    const { policies } = access.requirement;
    if (policies.length === 0) return execute;
    const requirement = { ...NO_REQUIREMENT, policies };
    return async (action) => {
      try {
        await this.authorizer.require(action, requirement);
      } catch (error) {
        return refuse(error, metadata, action);
      }
      return execute(action);
    };
  }
}

/** Returns a middleware of either framework for a public route: a 401 of its handler has a challenge, too. */
function trackOnly(challenge: string) {
  return (first: HttpRequest, ...[second, third]: (() => unknown)[]): unknown => {
    trackResponse(RequestContext.fromRequest(first), challenge);
    return (third ?? second)?.();
  };
}

/** By the status that routing-controllers reads, or by the one that Express and Koa do. */
function isUnauthorized(error: unknown): boolean {
  const { httpCode, status } = (error ?? {}) as { httpCode?: unknown; status?: unknown };
  return httpCode === 401 || status === 401;
}
