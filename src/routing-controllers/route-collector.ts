import { type Action, ActionMetadata } from 'routing-controllers';
import { ControllerMetadata, takesUser } from '../authorization/controller-metadata';
import {
  type Access,
  type AccessRules,
  getRouteMetadata,
  type RouteMetadata,
  resolveAccess,
} from '../authorization/route-access';
import { describeRoute, type Route } from '../authorization/route-table';
import { ConfigurationError } from '../errors/configuration-error';
import { formEndpointOf } from '../http/form-parameter';
import { isUnderPrefix, outsidePrefix } from '../http/public-path';

type Execute = (action: Action) => unknown;

/** A route as routing-controllers found it, and what it needs. */
export class ResolvedRoute {
  constructor(
    readonly metadata: ActionMetadata,
    readonly execute: Execute,
    readonly routeMetadata: RouteMetadata,
    readonly access: Access,
    private readonly routePrefix: string,
    /** The path as clients see it, if the route declares that instead of its own. */
    readonly publicPath?: string,
  ) {}

  /** For people. */
  describe(): Route {
    const { type, target, method, fullRoute } = this.metadata;
    const path = this.publicPath ?? ActionMetadata.appendBaseRoute(this.routePrefix, fullRoute);
    return describeRoute(type, String(path) || '/', target.name, String(method), this.access);
  }
}

/** What a plan is made for. */
export interface RouteCollectorOptions {
  readonly rules: AccessRules;
  readonly routePrefix: string;
  readonly requiredByDefault: boolean;
  /** Says that no user loader can be found, if so. */
  readonly findLoaderProblem: () => string | undefined;
}

/** Gathers the routes of one server, and decides about all of them before any of them exists. */
export class RouteCollector {
  private readonly found: { metadata: ActionMetadata; execute: Execute }[] = [];

  constructor(private readonly options: RouteCollectorOptions) {}

  add(metadata: ActionMetadata, execute: Execute): void {
    this.found.push({ metadata, execute });
  }

  /** Whether anybody can be logged in at all. */
  get hasLoader(): boolean {
    return this.options.findLoaderProblem() === undefined;
  }

  /** @throws {@link ConfigurationError} that names every problem of every route. */
  resolveOrThrow(): ResolvedRoute[] {
    const { routes, problems } = this.resolve();
    if (problems.length > 0)
      throw new ConfigurationError(['The routes cannot be served as they are written:', ...problems].join('\n- '));
    return routes;
  }

  /** The routes that have no problem of their own, and all problems. */
  resolve(): { routes: ResolvedRoute[]; problems: string[] } {
    const { rules, routePrefix, requiredByDefault, findLoaderProblem: loaderFault } = this.options;
    const all = new ControllerMetadata();
    const problems = new Set<string>();
    const routes: ResolvedRoute[] = [];
    const unserved = new Map<string, string>();
    let hasUnresolved = false;
    for (const { metadata, execute } of this.found) {
      const declarations = getRouteMetadata(metadata.target, metadata.method, all, requiredByDefault);
      const endpoint = formEndpointOf(declarations.methods.flatMap(({ params }) => params));
      const owner = `${metadata.target.name}.${metadata.method}`;
      if (endpoint && !isUnderPrefix(endpoint.path, routePrefix, metadata.fullRoute as string)) {
        unserved.set(endpoint.path, outsidePrefix(owner, endpoint.path, routePrefix));
        continue;
      }
      const { access, problems: found } = resolveAccess(declarations, rules);
      for (const problem of found) problems.add(problem);
      hasUnresolved ||= found.length > 0;
      if (found.length > 0) continue;
      routes.push(new ResolvedRoute(metadata, execute, declarations, access, routePrefix, endpoint?.path));
    }
    for (const { publicPath } of routes) unserved.delete(publicPath ?? '');
    for (const problem of unserved.values()) problems.add(problem);
    const anyNeedsLoader = hasUnresolved || routes.some(needsLoader);
    const fault = anyNeedsLoader ? loaderFault() : undefined;
    if (fault) problems.add(fault);
    return { routes, problems: [...problems] };
  }
}

function needsLoader({ access, routeMetadata: declarations }: ResolvedRoute): boolean {
  return !access.isPublic || declarations.methods.some(({ params }) => params.some(takesUser));
}
