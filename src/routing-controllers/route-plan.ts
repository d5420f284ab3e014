import { type Action, ActionMetadata } from 'routing-controllers';
import { Declarations } from '../authorization/controller-metadata';
import {
  type Access,
  type AccessRules,
  type RouteDeclarations,
  resolveAccess,
  routeDeclarations,
} from '../authorization/route-access';
import { describeRoute, type Route } from '../authorization/route-table';
import { ConfigurationError } from '../errors/configuration-error';

type Execute = (action: Action) => unknown;

/** A route as routing-controllers found it, and what it needs. */
export class PlannedRoute {
  constructor(
    readonly metadata: ActionMetadata,
    readonly execute: Execute,
    readonly declarations: RouteDeclarations,
    readonly access: Access,
    private readonly routePrefix: string,
  ) {}

  /** For people. */
  describe(): Route {
    const { type, target, method, fullRoute } = this.metadata;
    const path = ActionMetadata.appendBaseRoute(this.routePrefix, fullRoute);
    return describeRoute(type, String(path) || '/', target.name, String(method), this.access);
  }
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly rules: AccessRules;
  readonly routePrefix: string;
  readonly requiredByDefault: boolean;
  /** Says that no user loader can be found, if so. */
  readonly loaderFault: () => string | undefined;
}

/** Gathers the routes of one server, and decides about all of them before any of them exists. */
export class RoutePlan {
  private readonly found: { metadata: ActionMetadata; execute: Execute }[] = [];

  constructor(private readonly options: PlanOptions) {}

  add(metadata: ActionMetadata, execute: Execute): void {
    this.found.push({ metadata, execute });
  }

  /** Whether anybody can be logged in at all. */
  get hasLoader(): boolean {
    return this.options.loaderFault() === undefined;
  }

  /** @throws {@link ConfigurationError} that names every problem of every route. */
  resolve(): PlannedRoute[] {
    const { routes, problems } = this.decide();
    if (problems.length > 0)
      throw new ConfigurationError(['The routes cannot be served as they are written:', ...problems].join('\n- '));
    return routes;
  }

  /** The routes that have no problem of their own, and all problems. */
  decide(): { routes: PlannedRoute[]; problems: string[] } {
    const { rules, routePrefix, requiredByDefault, loaderFault } = this.options;
    const all = new Declarations();
    const problems = new Set<string>();
    const routes: PlannedRoute[] = [];
    for (const { metadata, execute } of this.found) {
      const declarations = routeDeclarations(metadata.target, metadata.method, all, requiredByDefault);
      const { access, problems: found } = resolveAccess(declarations, rules);
      for (const problem of found) problems.add(problem);
      if (found.length === 0) routes.push(new PlannedRoute(metadata, execute, declarations, access, routePrefix));
    }
    const anyNeedsLoader = routes.length < this.found.length || routes.some(needsLoader);
    const fault = anyNeedsLoader ? loaderFault() : undefined;
    if (fault) problems.add(fault);
    return { routes, problems: [...problems] };
  }
}

function needsLoader({ access, declarations }: PlannedRoute): boolean {
  return (
    !access.isPublic || declarations.methods.some(({ params }) => params.some(({ type }) => type === 'current-user'))
  );
}
