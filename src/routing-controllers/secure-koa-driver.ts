import { type Action, type ActionMetadata, KoaDriver } from 'routing-controllers';
import type { AuthError } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import { formKindOf } from '../http/form-parameter';
import { actionOf } from '../http/request-context';
import type { RouteGuard } from './route-guard';
import type { SecureRoutes } from './secure-routes';

type Context = Action['context'];
type Next = () => Promise<unknown>;
type Middleware = (context: Context, next: Next) => Promise<unknown>;

/** Of each application, the server that was added to it last. */
const lastServers = new WeakMap<object, SecureKoaDriver>();

/** koa-bodyparser would answer a form that it cannot read by itself, and not as RFC 6749 §5.2 says. */
const leaveBody: Middleware = (context, next) => {
  context.disableBodyParser = true;
  return next();
};

/** Recognises koa-bodyparser by what it does, because a minifier renames it: a context can switch it off. */
function isBodyParser(middleware: Middleware): boolean {
  let isSkipped = false;
  const skip = async () => {
    isSkipped = true;
  };
  middleware({ request: {}, disableBodyParser: true }, skip).catch(() => undefined); // others fail on such a context
  return isSkipped;
}

/** routing-controllers' Koa driver, but that it registers no route before all are decided about. */
export class SecureKoaDriver extends KoaDriver {
  private bodyParser: Middleware | undefined;
  private readonly bodyErrors = new WeakSet<object>();

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
    if (!bodyParser || !isBodyParser(bodyParser)) {
      throw new ConfigurationError(
        'This version of routing-controllers does not add koa-bodyparser first, so it cannot run after the guards; use version 0.11',
      );
    }
    this.bodyParser = bodyParser;
    for (const other of others) koa.use(other);
  }

  override registerAction(metadata: ActionMetadata, execute: (action: Action) => unknown): void {
    this.routes.collector.add(metadata, execute);
  }

  /** routing-controllers calls this once, after all actions. */
  override registerRoutes(): void {
    const readBody: Middleware = (context, next) => this.readBody(context, next);
    const routes = this.routes.prepare({
      toMiddleware: (guard, metadata) => this.middlewareOf(guard, metadata),
      afterMiddleware: ({ metadata }) => [
        metadata.params.some(({ transform }) => formKindOf(transform) !== undefined) ? leaveBody : readBody,
      ],
      handleError: (error, metadata, action) => this.handleError(error, metadata, action),
    });
    for (const { metadata, execute } of routes) super.registerAction(metadata, execute);
    super.registerRoutes();
    // Between two servers it would read the bodies of the second one's visitors.
    lastServers.set(this.koa, this);
    this.koa.use((context: Context, next: Next) =>
      lastServers.get(this.koa) === this ? readBody(context, next) : next(),
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers declares it
  override handleError(error: any, metadata: ActionMetadata | undefined, action: Action): Promise<void> {
    if (this.bodyErrors.has(error)) return Promise.reject(error);
    this.routes.prepareError(error, action);
    return super.handleError(error, metadata as ActionMetadata, action);
  }

  /** Passes on what has a body already. A body that cannot be read is Koa's to answer, as it is where it is read first. */
  private async readBody(context: Context, next: Next): Promise<unknown> {
    try {
      await (this.bodyParser as Middleware)(context, async () => undefined);
    } catch (error) {
      this.bodyErrors.add(error as Error);
      throw error;
    }
    return next();
  }

  private middlewareOf(guard: RouteGuard, metadata: ActionMetadata): Middleware {
    return async (context, next) => {
      const action = { ...actionOf(context), next };
      let error: AuthError | undefined;
      try {
        const admission = await guard(action);
        error = admission?.error;
        if (!error) context.request.user = context.state.user = admission?.authentication?.user ?? null;
      } catch (error) {
        return this.handleError(error, metadata, action);
      }
      return error ? this.handleError(error, metadata, action) : next();
    };
  }
}
