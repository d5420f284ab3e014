import type { Action, ActionMetadata } from 'routing-controllers';
import { nothing } from '../authorization/requirement';
import { isRefusal } from '../errors/auth-error';
import { exchangeOf } from '../http/action';
import { prepareAnswer } from '../http/error-response';
import { Exchange, type HttpRequest } from '../http/request-context';
import { watchResponse } from '../http/response-headers';
import { type Eventually } from '../util/maybe-promise';
import { inherit, inheritedInterceptors } from './inherited-metadata';
import { intercept, prepareInterceptors } from './interceptors';
import { servedSecurely } from './lost-guards';
import { type AnyGate, guardOf, type RouteGuard } from './route-guard';
import type { PlannedRoute, RoutePlan } from './route-plan';

/** Makes a middleware of the driver's framework from a guard. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
export type MiddlewareOf = (guard: RouteGuard, metadata: ActionMetadata) => Function;

/** What is different from framework to framework. */
export interface DriverParts {
  readonly middlewareOf: MiddlewareOf;
  /** Middleware that runs after the route's own. */
  // biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
  readonly lastOf: (route: PlannedRoute) => readonly Function[];
  /** Answers an error. */
  readonly refuse: (error: unknown, metadata: ActionMetadata, action: Action) => unknown;
}

/** What the two secure drivers have in common: they mend what routing-controllers loses. */
export class SecureRoutes {
  private readonly interceptors = new WeakMap<ActionMetadata, ReturnType<typeof prepareInterceptors>>();

  constructor(
    readonly plan: RoutePlan,
    private readonly gate: AnyGate,
  ) {}

  /**
   * Decides about all routes, then completes each: guard first, then the middleware of all its classes, the body, the
   * policies, the handler. routing-controllers' own authorization has no part in it: it comes before uploads.
   */
  complete(parts: DriverParts): { metadata: ActionMetadata; execute: PlannedRoute['execute'] }[] {
    const routes = this.plan.resolve();
    const { hasLoader } = this.plan;
    for (const route of routes) this.completeOne(route, parts, hasLoader);
    for (const { metadata } of routes) metadata.controllerMetadata.uses = []; // each route has them among its own
    return routes.map((route) => ({ metadata: route.metadata, execute: this.withPolicies(route, parts) }));
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

  private completeOne(route: PlannedRoute, { middlewareOf, lastOf }: DriverParts, hasLoader: boolean): void {
    const { metadata, declarations } = route;
    const { target, method } = metadata;
    inherit(metadata, declarations);
    const interceptors = inheritedInterceptors(declarations);
    if (interceptors.length > 0) this.interceptors.set(metadata, prepareInterceptors(interceptors));
    const guard = guardOf(route, this.gate, hasLoader);
    const first = guard ? middlewareOf(guard, metadata) : watching;
    const use = (middleware: typeof first) => ({ target, method, middleware, afterAction: false });
    metadata.uses = [use(first), ...metadata.uses, ...lastOf(route).map(use)];
    metadata.isAuthorizedUsed = false;
    metadata.authorizedRoles = [];
    servedSecurely.add(metadata.target);
  }

  /** The policies see what the handler will see: the same action, with its body. */
  private withPolicies({ metadata, access, execute }: PlannedRoute, { refuse }: DriverParts): PlannedRoute['execute'] {
    const { policies } = access.requirement;
    if (policies.length === 0) return execute;
    const requirement = { ...nothing, policies };
    return async (action) => {
      try {
        await this.gate.admit(action, requirement);
      } catch (error) {
        return refuse(error, metadata, action);
      }
      return execute(action);
    };
  }
}

/** A middleware of either framework, for a route that asks nothing: its response is followed all the same. */
function watching(first: HttpRequest, ...[second, third]: (() => unknown)[]): unknown {
  watchResponse(Exchange.ofRequest(first));
  return (third ?? second)?.();
}

/** By the status that routing-controllers reads, or by the one that Express and Koa do. */
function isUnauthorized(error: unknown): boolean {
  const { httpCode, status } = (error ?? {}) as { httpCode?: unknown; status?: unknown };
  return httpCode === 401 || status === 401;
}
