import {
  type AuthorizationChecker,
  type BaseDriver,
  type CurrentUserChecker,
  createExecutor,
  type RoutingControllersOptions,
} from 'routing-controllers';
import type { AccessRules } from '../authorization/route-access';
import { compareRoutes, type Route } from '../authorization/route-table';
import { ConfigurationError } from '../errors/configuration-error';
import { DryRunDriver } from './dry-run-driver';
import { findLostGuards, protectedControllers, warnOfLostGuards } from './lost-guards';
import { type ResolvedRoute, RouteCollector } from './route-collector';
import type { RouteAuthorizer } from './route-guard';
import { SecureExpressDriver } from './secure-express-driver';
import { SecureKoaDriver } from './secure-koa-driver';
import { SecureRoutes } from './secure-routes';

/** routing-controllers' options, less the two checkers, which the manager sets. */
export type ServerOptions = Omit<RoutingControllersOptions, 'authorizationChecker' | 'currentUserChecker'>;

/** What a manager puts together for its servers. */
export interface ServerDependencies {
  readonly authorizer: RouteAuthorizer;
  readonly rules: AccessRules;
  readonly authorizationChecker: AuthorizationChecker;
  readonly currentUserChecker: CurrentUserChecker;
  readonly findLoaderProblem: () => string | undefined;
}

/** Serves controllers so that no route is open by accident. */
export class Servers {
  /** Whether to look for lost guards once more, at the first request: of controllers that were loaded late. */
  private looksAgain = false;

  constructor(private readonly parts: ServerDependencies) {}

  useExpress(app: unknown, options: ServerOptions): void {
    if (typeof app !== 'function' || !('use' in app)) {
      throw new ConfigurationError(
        'useExpressServer() needs an application or a router of Express: useExpressServer(express(), { … })',
      );
    }
    this.serve((routes) => new SecureExpressDriver(routes, app), options);
  }

  createExpress(options: ServerOptions): unknown {
    return this.serve((routes) => new SecureExpressDriver(routes), options).app;
  }

  useKoa(app: unknown, options: ServerOptions): void {
    if (typeof app !== 'object' || app === null || !('use' in app)) {
      throw new ConfigurationError('useKoaServer() needs an application of Koa: useKoaServer(new Koa(), { … })');
    }
    this.serve((routes) => new SecureKoaDriver(routes, app), options);
  }

  createKoa(options: ServerOptions): unknown {
    return this.serve((routes) => new SecureKoaDriver(routes), options).app;
  }

  /** The checker for routing-controllers' own servers; by the time it is asked for, they are about to be made. */
  checker(): AuthorizationChecker {
    if (this.parts.rules.defaultAccess === 'authenticated') {
      throw new ConfigurationError(
        "With defaultAccess 'authenticated' use manager.useExpressServer or useKoaServer: routing-controllers' own servers ask no checker about a route without @Authorized",
      );
    }
    this.looksAgain = true;
    setImmediate(() => this.warnOfLostGuards());
    return this.authorizationChecker;
  }

  /** What was decided about each route. */
  routes(options: ServerOptions): Route[] {
    const routes = this.collectRoutes(options).resolveOrThrow();
    return withoutAliases(routes)
      .map((route) => route.describe())
      .sort(compareRoutes);
  }

  /** Options for routing-controllers' own servers, if those keep every guard. */
  protect(options: ServerOptions): RoutingControllersOptions {
    const lost = this.collectRoutes(options).resolveOrThrow().flatMap(findLostGuards);
    if (lost.length > 0) {
      const advice =
        "routing-controllers' own server would serve these routes less guarded than they are written; serve them with manager.useExpressServer or useKoaServer, or repeat the guards in the controller itself:";
      throw new ConfigurationError([advice, ...lost].join('\n- '));
    }
    const { currentUserChecker } = this.parts;
    return { ...options, authorizationChecker: this.authorizationChecker, currentUserChecker };
  }

  private readonly authorizationChecker: AuthorizationChecker = (action, roles) => {
    if (this.looksAgain) this.warnOfLostGuards();
    this.looksAgain = false;
    return this.parts.authorizationChecker(action, roles);
  };

  private warnOfLostGuards(): void {
    warnOfLostGuards((controllers) => this.lostGuards(controllers));
  }

  /** Of these controllers, those that no secure server has taken and that lose a guard elsewhere. */
  private lostGuards(controllers: readonly object[]): string[] {
    const others = controllers.filter(
      (controller) => !protectedControllers.has(controller),
    ) as RoutingControllersOptions['controllers'];
    if (!others?.length) return []; // routing-controllers takes an empty list for all
    const rules = { ...this.parts.rules, declaredScopes: undefined }; // a lost scope that nobody declared is lost, too
    return this.collectRoutes({ controllers: others }, rules).resolve().routes.flatMap(findLostGuards);
  }

  private serve<D extends BaseDriver>(driverOf: (routes: SecureRoutes) => D, options: ServerOptions): D {
    const driver = driverOf(new SecureRoutes(this.createCollector(options), this.parts.authorizer));
    const { currentUserChecker } = this.parts;
    createExecutor(driver, { ...normalizeOptions(options), currentUserChecker });
    return driver;
  }

  private collectRoutes(options: ServerOptions, rules?: AccessRules): RouteCollector {
    const plan = this.createCollector(options, rules);
    createExecutor(new DryRunDriver(plan), normalizeOptions(options));
    return plan;
  }

  private createCollector(options: ServerOptions, rules = this.parts.rules): RouteCollector {
    assertNoCheckers(options);
    const { findLoaderProblem: loaderFault } = this.parts;
    const requiredByDefault = options.defaults?.paramOptions?.required ?? false;
    return new RouteCollector({
      rules,
      findLoaderProblem: loaderFault,
      requiredByDefault,
      routePrefix: options.routePrefix ?? '',
    });
  }
}

/** A route that declares several ends of its public path stands once. */
function withoutAliases(routes: readonly ResolvedRoute[]): ResolvedRoute[] {
  const seen = new Set<string>();
  return routes.filter(({ publicPath, metadata: { target, method } }) => {
    const key = JSON.stringify([publicPath, target.name, method]);
    return publicPath === undefined || (!seen.has(key) && seen.add(key));
  });
}

/**
 * The options as they are meant. routing-controllers takes an empty list for all classes of the process, and writes the
 * defaults of parameters into the metadata that all servers share; here each route gets them.
 */
function normalizeOptions(options: ServerOptions): RoutingControllersOptions {
  const lists = (['controllers', 'middlewares', 'interceptors'] as const).filter((name) => options[name]?.length === 0);
  const meant = { ...options, ...Object.fromEntries(lists.map((name) => [name, [EmptyRegistration]])) };
  if (!options.defaults) return meant;
  const { paramOptions: _, ...defaults } = options.defaults;
  return { ...meant, defaults };
}

/** No controller, no middleware and no interceptor. */
class EmptyRegistration {}

function assertNoCheckers(options: object): void {
  const given = ['authorizationChecker', 'currentUserChecker'].filter(
    (name) => (options as Record<string, unknown>)[name] !== undefined,
  );
  if (given.length > 0)
    throw new ConfigurationError(`Leave ${given.join(' and ')} out: the manager sets the two checkers`);
}
