import type { Action, ActionMetadata } from 'routing-controllers';
import { inherit, inheritedInterceptors } from '../access/inherit';
import { isRefusal } from '../errors/refusal';
import { type Eventually } from '../maybe-promise';
import { exchangeOf } from './action';
import { intercept, prepareInterceptors } from './intercept';
import { prepareAnswer } from './raise';
import { watchResponse } from './response-headers';
import { type AnyGate, guardOf, type RouteGuard } from './route-guard';
import type { PlannedRoute, RoutePlan } from './route-plan';
import { servedSecurely } from './served-securely';

/** Makes a middleware of the driver's framework from a guard. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
export type MiddlewareOf = (guard: RouteGuard, metadata: ActionMetadata) => Function;

// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
type MiddlewareOfRoute = (route: PlannedRoute) => readonly Function[];

/** What the two secure drivers have in common: they mend what routing-controllers loses. */
export class SecureRoutes {
  private readonly interceptors = new WeakMap<ActionMetadata, ReturnType<typeof prepareInterceptors>>();

  constructor(
    readonly plan: RoutePlan,
    private readonly gate: AnyGate,
  ) {}

  /**
   * Decides about all routes, then completes each: guard first, then the middleware of all its classes, the body, and
   * the policies, for which routing-controllers' own authorization has just the right place.
   *
   * @param lastOf - Middleware that runs after the route's own.
   */
  complete(middlewareOf: MiddlewareOf, lastOf: MiddlewareOfRoute = () => []): PlannedRoute[] {
    const routes = this.plan.resolve();
    for (const route of routes) this.completeOne(route, middlewareOf, lastOf);
    for (const { metadata } of routes) metadata.controllerMetadata.uses = []; // each route has them among its own
    return routes;
  }

  /** Runs the inherited interceptors, if the route has any, before the result is answered. */
  intercepted(
    result: unknown,
    metadata: ActionMetadata,
    action: Action,
    answer: (result: unknown) => unknown,
  ): Eventually<unknown> {
    const interceptors = this.interceptors.get(metadata);
    return interceptors ? intercept(interceptors, action, result).then(answer) : answer(result);
  }

  /** Sees to it that a refusal is answered as one, and that a 401 has a challenge, whoever throws them. */
  beforeError(error: unknown, action: Action): void {
    if (isRefusal(error)) prepareAnswer(error, exchangeOf(action));
    else if (isUnauthorized(error)) watchResponse(exchangeOf(action));
  }

  private completeOne(route: PlannedRoute, middlewareOf: MiddlewareOf, lastOf: MiddlewareOfRoute): void {
    const { metadata, declarations, access } = route;
    inherit(metadata, declarations);
    const interceptors = prepareInterceptors(inheritedInterceptors(declarations));
    if (interceptors.length > 0) this.interceptors.set(metadata, interceptors);
    const guard = guardOf(route, this.gate);
    const first = guard ? [middlewareOf(guard, metadata)] : [];
    const use = (middleware: (typeof first)[number]) => ({
      target: metadata.target,
      method: metadata.method,
      middleware,
      afterAction: false,
    });
    metadata.uses = [...first.map(use), ...metadata.uses, ...lastOf(route).map(use)];
    metadata.isAuthorizedUsed = access.requirement.policies.length > 0;
    metadata.authorizedRoles = [...access.requirement.policies];
    servedSecurely.add(metadata.target);
  }
}

/** By the status that routing-controllers reads, or by the one that Express and Koa do. */
function isUnauthorized(error: unknown): boolean {
  const { httpCode, status } = (error ?? {}) as { httpCode?: unknown; status?: unknown };
  return httpCode === 401 || status === 401;
}
