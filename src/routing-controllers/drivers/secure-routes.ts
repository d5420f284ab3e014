import type { Action, ActionMetadata } from 'routing-controllers';
import { toAnswerableReason } from '../../errors/application-error';
import { isAuthError } from '../../errors/auth-error';
import { prepareErrorResponse } from '../../http/error-response';
import { contextOf } from '../../http/request-context';
import { trackResponse } from '../../http/response-headers';
import { inherit } from '../inherited-metadata';
import { protectedControllers } from '../lost-guards';
import type { ResolvedRoute, RouteCollector } from '../route-collector';
import { createRouteGuard, type RouteAuthorizer, type RouteGuard, splitPolicies } from '../route-guard';

/** Creates a middleware of the driver's framework from a guard. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
export type ToMiddleware = (guard: RouteGuard, metadata: ActionMetadata) => Function;

/** The parts of a server that depend on the framework. */
export interface DriverHooks {
  readonly toMiddleware: ToMiddleware;
  /** Returns middleware that runs after the route's own. */
  // biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
  readonly afterMiddleware: (route: ResolvedRoute) => readonly Function[];
  /** Answers an error. */
  readonly handleError: (error: unknown, metadata: ActionMetadata, action: Action) => unknown;
}

/** The parts of a server that both frameworks share: completes what routing-controllers drops. */
export class SecureRoutes {
  constructor(
    readonly collector: RouteCollector,
    private readonly authorizer: RouteAuthorizer,
  ) {}

  /**
   * Resolves all routes, then completes each: guard first, then the middleware of all its classes, the body, the
   * policies, the handler. routing-controllers' own authorization is switched off: it runs before uploads.
   */
  prepare(hooks: DriverHooks): { metadata: ActionMetadata; execute: ResolvedRoute['execute'] }[] {
    const routes = this.collector.resolveOrThrow();
    const { hasLoader } = this.collector;
    for (const route of routes) this.prepareRoute(route, hooks, hasLoader);
    for (const { metadata } of routes) metadata.controllerMetadata.uses = []; // each route has them among its own
    return routes.map((route) => ({ metadata: route.metadata, execute: this.withPolicies(route, hooks) }));
  }

  /** Returns a part of an action that is run so that `current()` tells in it which action it belongs to. */
  entering<T>(run: (action: Action) => T): (action: Action) => T {
    return this.authorizer.entering(run);
  }

  /** Returns the error to answer with, for whatever a guard, a policy, a middleware or a handler threw. */
  toAnswerable(reason: unknown, isDefaultErrorHandlingEnabled: boolean): unknown {
    return isAuthError(reason) ? reason : toAnswerableReason(reason, isDefaultErrorHandlingEnabled);
  }

  /** Prepares the response of an error: an auth error's headers, and a challenge for any other 401. */
  prepareError(error: unknown, action: Action): void {
    if (isAuthError(error)) prepareErrorResponse(error, contextOf(action));
    else if (isUnauthorized(error)) trackResponse(contextOf(action), this.authorizer.challenge);
  }

  private prepareRoute(route: ResolvedRoute, { toMiddleware, afterMiddleware }: DriverHooks, hasLoader: boolean): void {
    const { metadata, routeMetadata } = route;
    const { target, method } = metadata;
    inherit(metadata, routeMetadata);
    const first = toMiddleware(createRouteGuard(route, this.authorizer, hasLoader), metadata);
    const use = (middleware: typeof first) => ({ target, method, middleware, afterAction: false });
    metadata.uses = [use(first), ...metadata.uses, ...afterMiddleware(route).map(use)];
    metadata.isAuthorizedUsed = false;
    metadata.authorizedRoles = [];
    protectedControllers.add(metadata.target);
  }

  /** Checks the policies that wait for the body with the action that the handler gets, and runs the handler. */
  private withPolicies(
    { metadata, access, execute }: ResolvedRoute,
    { handleError }: DriverHooks,
  ): ResolvedRoute['execute'] {
    const requirement = splitPolicies(access.requirement).afterBody;
    const run: ResolvedRoute['execute'] = requirement
      ? async (action) => {
          try {
            await this.authorizer.require(action, requirement);
          } catch (error) {
            return handleError(error, metadata, action);
          }
          return execute(action);
        }
      : execute;
    return this.entering(run);
  }
}

/** Reads both statuses: the one of routing-controllers, and the one of Express and Koa. */
function isUnauthorized(error: unknown): boolean {
  const { httpCode, status } = (error ?? {}) as { httpCode?: unknown; status?: unknown };
  return httpCode === 401 || status === 401;
}
