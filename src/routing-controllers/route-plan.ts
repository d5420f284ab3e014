import { type Action, ActionMetadata } from 'routing-controllers';
import { Declarations } from '../access/declarations';
import {
  type Access,
  type AccessRules,
  type RouteDeclarations,
  resolveAccess,
  routeDeclarations,
} from '../access/resolve-access';
import { describeRoute, type Route } from '../access/route';
import { ConfigurationError } from '../errors/configuration-error';

type Execute = (action: Action) => unknown;

/** A route as routing-controllers found it, and what it needs. */
export interface PlannedRoute {
  readonly metadata: ActionMetadata;
  readonly execute: Execute;
  readonly declarations: RouteDeclarations;
  readonly access: Access;
  /** For people. */
  describe(): Route;
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
    const declarations = new Declarations();
    const problems = new Set<string>();
    const routes = this.found.flatMap(({ metadata, execute }) => {
      const declared = routeDeclarations(
        metadata.target,
        metadata.method,
        declarations,
        this.options.requiredByDefault,
      );
      const { access, problems: found } = resolveAccess(declared, this.options.rules);
      for (const problem of found) problems.add(problem);
      return found.length > 0
        ? []
        : [{ metadata, execute, declarations: declared, access, describe: () => this.describe(metadata, access) }];
    });
    const anyNeedsLoader = routes.length < this.found.length || routes.some(needsLoader);
    const loaderFault = anyNeedsLoader ? this.options.loaderFault() : undefined;
    if (loaderFault) problems.add(loaderFault);
    return { routes, problems: [...problems] };
  }

  private describe(metadata: ActionMetadata, access: Access): Route {
    const path = ActionMetadata.appendBaseRoute(this.options.routePrefix, metadata.fullRoute);
    return describeRoute(metadata.type, String(path) || '/', metadata.target.name, String(metadata.method), access);
  }
}

function needsLoader({ access, declarations }: PlannedRoute): boolean {
  return (
    !access.isPublic || declarations.methods.some(({ params }) => params.some(({ type }) => type === 'current-user'))
  );
}
