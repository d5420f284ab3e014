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

/** Runs a route's handler. */
export type Handler = (action: Action) => unknown;

/** A route as routing-controllers found it, with the access that it requires. */
export class ResolvedRoute {
  constructor(
    readonly metadata: ActionMetadata,
    readonly execute: Handler,
    readonly routeMetadata: RouteMetadata,
    readonly access: Access,
    private readonly routePrefix: string,
    /** The path as clients see it, if the route declares that instead of its own. */
    readonly publicPath?: string,
  ) {}

  /** The path with the prefix of the server. */
  get path(): string {
    return String(this.publicPath ?? ActionMetadata.appendBaseRoute(this.routePrefix, this.metadata.fullRoute)) || '/';
  }

  /** Describes the route for people. */
  describe(): Route {
    const { type, target, method } = this.metadata;
    return describeRoute(type, this.path, target.name, String(method), this.access);
  }
}

/** Options of a {@link RouteCollector}. */
export interface RouteCollectorOptions {
  readonly rules: AccessRules;
  readonly routePrefix: string;
  readonly requiredByDefault: boolean;
  /** Problems of the server's options, which are reported with those of its routes. */
  readonly optionProblems: readonly string[];
  /** Runs instead of each route's own handler; undefined for those. */
  readonly handler?: Handler | undefined;
  /** Returns why no user can be loaded, or undefined. */
  readonly findLoaderProblem: () => string | undefined;
}

/** Collects the routes of one server, and resolves the access of all of them before any is registered. */
export class RouteCollector {
  /** The routes that {@link resolveOrThrow} returned. */
  resolved: readonly ResolvedRoute[] = [];

  private readonly found: { metadata: ActionMetadata; execute: Handler }[] = [];

  constructor(private readonly options: RouteCollectorOptions) {}

  add(metadata: ActionMetadata, execute: Handler): void {
    this.found.push({ metadata, execute: this.options.handler ?? execute });
  }

  /** Whether a user can be loaded at all. */
  get hasLoader(): boolean {
    return this.options.findLoaderProblem() === undefined;
  }

  /** @throws {@link ConfigurationError} that names every problem of the options and of every route. */
  resolveOrThrow(): ResolvedRoute[] {
    const { routes, problems } = this.resolve();
    if (problems.length > 0)
      throw new ConfigurationError(['Invalid controllers or options of the server:', ...problems].join('\n- '), {
        section: 'routes-and-decorators',
      });
    this.resolved = routes;
    return routes;
  }

  /** Returns the routes without a problem of their own, and the problems of all routes. */
  resolve(): { routes: ResolvedRoute[]; problems: string[] } {
    const { rules, routePrefix, requiredByDefault, optionProblems, findLoaderProblem } = this.options;
    const all = new ControllerMetadata();
    const problems = new Set(optionProblems);
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
    const fault = anyNeedsLoader ? findLoaderProblem() : undefined;
    if (fault) problems.add(fault);
    return { routes, problems: [...problems] };
  }
}

function needsLoader({ access, routeMetadata }: ResolvedRoute): boolean {
  return !access.isPublic || routeMetadata.methods.some(({ params }) => params.some(takesUser));
}
