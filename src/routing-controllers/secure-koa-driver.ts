import { type Action, type ActionMetadata, KoaDriver } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { actionOf } from './action';
import type { RouteGuard } from './route-guard';
import type { SecureRoutes } from './secure-routes';

type Context = Action['context'];
type Next = () => Promise<unknown>;
type Middleware = (context: Context, next: Next) => Promise<unknown>;

/** routing-controllers' Koa driver, but that it registers no route before all are decided about. */
export class SecureKoaDriver extends KoaDriver {
  private bodyParser: Middleware | undefined;

  constructor(
    private readonly routes: SecureRoutes,
    app?: unknown,
  ) {
    super(app);
  }

  /**
   * routing-controllers parses the body of every request before anything else. Here it is parsed in each route, once
   * the visitor has been let in, and behind the routes for what none of them took.
   */
  override initialize(): void {
    const { koa } = this;
    const recorded: Middleware[] = [];
    this.koa = { use: (middleware: Middleware) => recorded.push(middleware) };
    try {
      super.initialize();
    } finally {
      this.koa = koa;
    }
    const [bodyParser, ...others] = recorded;
    if (bodyParser?.name !== 'bodyParser') {
      throw new ConfigurationError(
        'This version of routing-controllers does not add koa-bodyparser first, so it cannot be put behind the guards: use version 0.11',
      );
    }
    this.bodyParser = bodyParser;
    for (const other of others) koa.use(other);
  }

  override registerAction(metadata: ActionMetadata, execute: (action: Action) => unknown): void {
    this.routes.plan.add(metadata, execute);
  }

  /** routing-controllers calls this once, after all actions. */
  override registerRoutes(): void {
    const bodyParser = this.bodyParser as Middleware;
    const routes = this.routes.complete((guard, metadata) => this.middlewareOf(guard, metadata), [bodyParser]);
    for (const { metadata, execute } of routes) super.registerAction(metadata, execute);
    super.registerRoutes();
    this.koa.use(bodyParser); // passes on what has a body already
  }

  override handleSuccess(result: unknown, metadata: ActionMetadata, action: Action): unknown {
    return this.routes.intercepted(result, metadata, action, (intercepted) =>
      super.handleSuccess(intercepted, metadata, action),
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers declares it
  override handleError(error: any, metadata: ActionMetadata | undefined, action: Action): Promise<void> {
    this.routes.beforeError(error, action);
    return super.handleError(error, metadata as ActionMetadata, action);
  }

  private middlewareOf(guard: RouteGuard, metadata: ActionMetadata): Middleware {
    return async (context, next) => {
      const action = { ...actionOf(context), next };
      try {
        context.request.user = context.state.user = await guard(action);
      } catch (error) {
        return this.handleError(error, metadata, action);
      }
      return next();
    };
  }
}
