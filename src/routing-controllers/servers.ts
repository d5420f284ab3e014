import {
  type AuthorizationChecker,
  type BaseDriver,
  type CurrentUserChecker,
  createExecutor,
  type RoutingControllersOptions,
} from 'routing-controllers';
import { scopesOf } from '../authorization/requirement';
import type { AccessRules } from '../authorization/route-access';
import { compareRoutes, type Route } from '../authorization/route-table';
import { ConfigurationError } from '../errors/configuration-error';
import { DryRunDriver } from './drivers/dry-run-driver';
import { SecureExpressDriver } from './drivers/secure-express-driver';
import { SecureKoaDriver } from './drivers/secure-koa-driver';
import { SecureRoutes } from './drivers/secure-routes';
import { withInheritedInterceptors } from './interceptors';
import { findLostGuards, protectedControllers, warnOfLostGuards } from './lost-guards';
import { answerEmpty, createProbeDriver, type Probe } from './probe';
import { type Handler, type ResolvedRoute, RouteCollector } from './route-collector';
import type { RouteAuthorizer } from './route-guard';
import {
  assertExpressApplication,
  assertKoaApplication,
  assertServerOptions,
  fillEmptyLists,
  findListProblems,
  normalizeOptions,
} from './server-options';
import { LoginUrlCheck, type LoginUrls, warnOfMissingTypes } from './startup-warnings';

/** The options of routing-controllers without the two checkers, which the manager sets. */
export type ServerOptions = Omit<RoutingControllersOptions, 'authorizationChecker' | 'currentUserChecker'>;

/** The parts of a manager that its servers need. */
export interface ServerDependencies {
  readonly authorizer: RouteAuthorizer;
  readonly rules: AccessRules;
  readonly authorizationChecker: AuthorizationChecker;
  readonly currentUserChecker: CurrentUserChecker;
  /** Returns why no user can be loaded, or undefined. */
  readonly findLoaderProblem: () => string | undefined;
  /** The public paths of the login routes, which a server should have. */
  readonly loginUrls: LoginUrls;
}

/** Registers controllers on servers, so that no route is open by accident. */
export class Servers {
  /** Whether the first request looks for lost guards again, in controllers that were loaded after the server. */
  private looksAgain = false;

  private readonly loginUrlCheck: LoginUrlCheck;

  constructor(private readonly parts: ServerDependencies) {
    this.loginUrlCheck = new LoginUrlCheck(parts.loginUrls);
  }

  useExpress(app: unknown, options: ServerOptions): void {
    assertExpressApplication(app);
    this.serve((routes) => new SecureExpressDriver(routes, app), options);
  }

  createExpress(options: ServerOptions): unknown {
    return this.serve((routes) => new SecureExpressDriver(routes), options).app;
  }

  useKoa(app: unknown, options: ServerOptions): void {
    assertKoaApplication(app);
    this.serve((routes) => new SecureKoaDriver(routes, app), options);
  }

  createKoa(options: ServerOptions): unknown {
    return this.serve((routes) => new SecureKoaDriver(routes), options).app;
  }

  /**
   * Creates an application whose routes are guarded as on a server, and whose handlers do nothing: of Express, or of Koa
   * if Express is not installed.
   */
  createProbe(options: ServerOptions): Probe {
    const collector = this.createCollector(options, this.parts.rules, answerEmpty);
    const { app } = createProbeDriver((Driver) => this.build((routes) => new Driver(routes), collector, options));
    const routes = withoutAliases(collector.resolved).map((route) => ({
      ...route.describe(),
      namedScopes: scopesOf(route.access.requirement),
    }));
    return { app, routes: routes.sort(compareRoutes) };
  }

  /** Returns the checker for routing-controllers' own servers, which are created soon after it is read. */
  checker(): AuthorizationChecker {
    if (this.parts.rules.defaultAccess === 'authenticated') {
      throw new ConfigurationError(
        "routing-controllers' own servers cannot keep defaultAccess 'authenticated', because they call no checker for a route without @Authorized(); use manager.useExpressServer or useKoaServer",
        { section: 'servers' },
      );
    }
    this.looksAgain = true;
    setImmediate(() => this.warnOfLostGuards());
    return this.authorizationChecker;
  }

  /** Returns what each route requires, sorted. */
  routes(options: ServerOptions): Route[] {
    return describeRoutes(this.collectRoutes(options).resolveOrThrow());
  }

  /** Returns options for routing-controllers' own servers, if those keep every guard. */
  protect(options: ServerOptions): RoutingControllersOptions {
    const lost = this.collectRoutes(options).resolveOrThrow().flatMap(findLostGuards);
    if (lost.length > 0) {
      const advice =
        "routing-controllers' own server would serve these routes less guarded than they are written; serve them with manager.useExpressServer or useKoaServer, or repeat the guards in the controller itself:";
      throw new ConfigurationError([advice, ...lost].join('\n- '), { section: 'servers' });
    }
    const { currentUserChecker } = this.parts;
    return { ...fillEmptyLists(options), authorizationChecker: this.authorizationChecker, currentUserChecker };
  }

  private readonly authorizationChecker: AuthorizationChecker = (action, roles) => {
    if (this.looksAgain) this.warnOfLostGuards();
    this.looksAgain = false;
    return this.parts.authorizationChecker(action, roles);
  };

  private warnOfLostGuards(): void {
    warnOfLostGuards((controllers) => this.lostGuards(controllers));
  }

  /** Describes the routes of these controllers that lose a guard, unless one of the manager's servers has them. */
  private lostGuards(controllers: readonly object[]): string[] {
    const others = controllers.filter(
      (controller) => !protectedControllers.has(controller),
    ) as RoutingControllersOptions['controllers'];
    if (!others?.length) return [];
    const rules = { ...this.parts.rules, declaredScopes: undefined }; // an undeclared scope is lost as well
    return this.collectRoutes({ controllers: others }, rules).resolve().routes.flatMap(findLostGuards);
  }

  private serve<D extends BaseDriver>(createDriver: (routes: SecureRoutes) => D, options: ServerOptions): D {
    const collector = this.createCollector(options);
    const driver = this.build(createDriver, collector, options);
    warnOfMissingTypes(collector.resolved);
    this.loginUrlCheck.add({ routes: collector.resolved, app: driver.app });
    return driver;
  }

  private build<D extends BaseDriver>(
    createDriver: (routes: SecureRoutes) => D,
    collector: RouteCollector,
    options: ServerOptions,
  ): D {
    const driver = createDriver(new SecureRoutes(collector, this.parts.authorizer));
    const { currentUserChecker } = this.parts;
    withInheritedInterceptors(() => createExecutor(driver, { ...normalizeOptions(options), currentUserChecker }));
    return driver;
  }

  private collectRoutes(options: ServerOptions, rules?: AccessRules): RouteCollector {
    const collector = this.createCollector(options, rules);
    createExecutor(new DryRunDriver(collector), normalizeOptions(options));
    return collector;
  }

  private createCollector(options: ServerOptions, rules = this.parts.rules, handler?: Handler): RouteCollector {
    assertServerOptions(options);
    return new RouteCollector({
      rules,
      findLoaderProblem: this.parts.findLoaderProblem,
      requiredByDefault: options.defaults?.paramOptions?.required ?? false,
      routePrefix: options.routePrefix ?? '',
      optionProblems: findListProblems(options),
      handler,
    });
  }
}

function describeRoutes(routes: readonly ResolvedRoute[]): Route[] {
  return withoutAliases(routes)
    .map((route) => route.describe())
    .sort(compareRoutes);
}

/** A route that declares several ends of its public path stands once. */
function withoutAliases(routes: readonly ResolvedRoute[]): ResolvedRoute[] {
  const seen = new Set<string>();
  return routes.filter(({ publicPath, metadata: { target, method } }) => {
    const key = JSON.stringify([publicPath, target.name, method]);
    return publicPath === undefined || (!seen.has(key) && seen.add(key));
  });
}
