import { type Action, type ActionMetadata, KoaDriver } from 'routing-controllers';
import { toWritable } from '../../errors/application-error';
import type { AuthError } from '../../errors/auth-error';
import { ConfigurationError } from '../../errors/configuration-error';
import { formKindOf } from '../../http/form-parameter';
import { isPromiseLike } from '../../util/maybe-promise';
import { applyResult } from '../request-user';
import type { RouteGuard } from '../route-guard';
import { type Multer, toBodyError, toUploadError, wrapMulter } from './body-errors';
import { type Layer, RouteIndex } from './route-index';
import type { SecureRoutes } from './secure-routes';

type Context = Action['context'];
type Next = () => Promise<unknown>;
type Middleware = (context: Context, next: Next) => Promise<unknown>;

interface KoaLayer extends Layer {
  readonly path: unknown;
}

interface KoaRouter {
  readonly stack: readonly KoaLayer[];
  match(path: string, method: string): unknown;
}

/** The server that was added last to each application. */
const lastServers = new WeakMap<object, SecureKoaDriver>();

/** Leaves a form to its parameter: koa-bodyparser would answer a malformed one differently from RFC 6749 §5.2. */
const leaveBody: Middleware = (context, next) => {
  context.disableBodyParser = true;
  return next();
};

/** A target that is no URL, or one without a path (RFC 9112 §3.2), is the fault of the client. */
const refuseInvalidTarget: Middleware = (context, next) => {
  if (!pathOf(context)) context.throw(400);
  return next();
};

/** Koa throws for a target that is no URL. */
function pathOf(context: Context): string | null | undefined {
  try {
    return context.path;
  } catch {
    return undefined;
  }
}

/** Recognises koa-bodyparser by what it does, because a minifier renames it: a context can switch it off. */
function isBodyParser(middleware: Middleware): boolean {
  let isSkipped = false;
  const skip = async () => {
    isSkipped = true;
  };
  middleware({ request: {}, disableBodyParser: true }, skip).catch(() => undefined); // others fail on such a context
  return isSkipped;
}

/** What runs behind multer is none of its errors. */
const withUploadErrors =
  (upload: Middleware): Middleware =>
  async (context, next) => {
    try {
      await upload(context, async () => undefined);
    } catch (reason) {
      throw toUploadError(reason);
    }
    return next();
  };

/** Koa driver that resolves the access of all routes before registering any. */
export class SecureKoaDriver extends KoaDriver {
  private bodyParser: Middleware | undefined;
  private readonly bodyErrors = new WeakSet<object>();

  constructor(
    private readonly routes: SecureRoutes,
    app?: unknown,
  ) {
    super(app);
    // The declarations of routing-controllers call it private here, and protected in the driver of Express.
    const driver = this as unknown as { loadMulter(): Multer };
    const loadMulter = driver.loadMulter.bind(this);
    driver.loadMulter = () => wrapMulter(loadMulter(), withUploadErrors);
  }

  /**
   * routing-controllers parses the body of every request before anything else. Here each route parses it after its
   * guard, and requests that no route took are parsed behind the routes.
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
        'This version of routing-controllers does not register koa-bodyparser first, so it cannot run after the guards; use version 0.11',
        { section: 'servers' },
      );
    }
    this.bodyParser = bodyParser;
    koa.use(refuseInvalidTarget);
    for (const other of others) koa.use(other);
  }

  override registerAction(metadata: ActionMetadata, execute: (action: Action) => unknown): void {
    this.routes.collector.add(metadata, execute);
  }

  /** routing-controllers calls this once, after all actions. */
  override registerRoutes(): void {
    const readBody: Middleware = (context, next) => this.readBody(context, next);
    const routes = this.routes.prepare({
      toMiddleware: (guard, metadata) => this.createMiddleware(guard, metadata),
      afterMiddleware: ({ metadata }) => [
        metadata.params.some(({ transform }) => formKindOf(transform) !== undefined) ? leaveBody : readBody,
      ],
      handleError: (error, metadata, action) => this.handleError(error, metadata, action),
    });
    for (const { metadata, execute } of routes) super.registerAction(metadata, execute);
    this.addToIndex(this.router);
    super.registerRoutes();
    // Behind the last server of the application only: otherwise it would read bodies before the guards of the next one.
    lastServers.set(this.koa, this);
    this.koa.use((context: Context, next: Next) =>
      lastServers.get(this.koa) === this ? readBody(context, next) : next(),
    );
  }

  override handleError(reason: unknown, metadata: ActionMetadata | undefined, action: Action): Promise<void> {
    if (this.bodyErrors.has(reason as object)) return Promise.reject(reason);
    const answerable = this.routes.toAnswerable(reason, this.isDefaultErrorHandlingEnabled);
    const error = this.isDefaultErrorHandlingEnabled ? answerable : toWritable(answerable);
    this.routes.prepareError(error, action);
    return super.handleError(error, metadata as ActionMetadata, action);
  }

  /** Has the router try the routes only that the index finds. One that keeps its routes differently is left alone. */
  private addToIndex(router: KoaRouter): void {
    const { stack, match } = router;
    if (!Array.isArray(stack) || typeof match !== 'function') return;
    const index = new RouteIndex<KoaLayer>();
    for (const layer of stack) index.add(layer, layer.path);
    const { length } = stack;
    const narrowed = new Map<readonly KoaLayer[], KoaRouter>();
    router.match = (path, method) => {
      if (router.stack.length !== length) return match.call(router, path, method); // somebody has added a route
      const found = index.find(path);
      const narrow = narrowed.get(found) ?? Object.create(router, { stack: { value: found } });
      narrowed.set(found, narrow);
      return match.call(narrow, path, method);
    };
  }

  /** Parses the body. Koa answers one that cannot be read, as it does if routing-controllers parses it. */
  private async readBody(context: Context, next: Next): Promise<unknown> {
    try {
      await (this.bodyParser as Middleware)(context, async () => undefined);
    } catch (reason) {
      const error = toBodyError(reason as Error);
      this.bodyErrors.add(error);
      throw error;
    }
    return next();
  }

  private createMiddleware(guard: RouteGuard, metadata: ActionMetadata): Middleware {
    const run = async (action: Action): Promise<unknown> => {
      let error: AuthError | undefined;
      try {
        const result = guard(action);
        error = applyResult(action, isPromiseLike(result) ? await result : result);
      } catch (reason) {
        return this.handleError(reason, metadata, action);
      }
      return error ? this.handleError(error, metadata, action) : action.next?.();
    };
    const enter = this.routes.entering(run);
    return (context, next) => enter({ request: context.request, response: context.response, context, next });
  }
}
