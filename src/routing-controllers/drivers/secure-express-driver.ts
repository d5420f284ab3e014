import { type Action, type ActionMetadata, ExpressDriver } from 'routing-controllers';
import { type AuthError, isAuthError } from '../../errors/auth-error';
import { isAnswered } from '../../http/answered-error';
import { keepConnection } from '../../http/error-response';
import { contextOf } from '../../http/request-context';
import { type Awaitable, isPromiseLike } from '../../util/maybe-promise';
import { applyResult } from '../request-user';
import type { RouteGuard } from '../route-guard';
import { toUploadError, wrapMulter } from './body-errors';
import { unlessParsed } from './parsed-body';
import { type Layer, RouteIndex } from './route-index';
import type { SecureRoutes } from './secure-routes';

type Next = (error?: unknown) => void;

type GuardedAction = Action & { readonly next: Next };

type Upload = (request: unknown, response: unknown, next: Next) => void;

const withUploadErrors =
  (upload: Upload): Upload =>
  (request, response, next) =>
    upload(request, response, (reason) => next(toUploadError(reason)));

/** Express driver that resolves the access of all routes before registering any. */
export class SecureExpressDriver extends ExpressDriver {
  private readonly index = new RouteIndex();
  private match: Layer['match'] | undefined;
  private quickMatch: Layer['match'] | undefined;

  constructor(
    private readonly routes: SecureRoutes,
    app?: unknown,
  ) {
    super(app);
  }

  override registerAction(metadata: ActionMetadata, execute: (action: Action) => unknown): void {
    this.routes.collector.add(metadata, execute);
  }

  /** routing-controllers calls this once, after all actions. */
  override registerRoutes(): void {
    const routes = this.routes.prepare({
      toMiddleware: (guard, metadata) => this.createMiddleware(guard, metadata),
      afterMiddleware: () => [],
      handleError: (error, metadata, action) => this.handleError(error, metadata, action),
    });
    for (const { metadata, execute } of routes) {
      super.registerAction(metadata, execute);
      this.addToIndex(layersOf(this.express)?.at(-1));
    }
  }

  override handleError(reason: unknown, metadata: ActionMetadata | undefined, action: Action): unknown {
    const error = this.routes.toAnswerable(reason, this.isDefaultErrorHandlingEnabled);
    if (action.response.headersSent) {
      // Express ends an answer that was begun and not ended.
      return isAuthError(error) && isAnswered(action.response, error) ? undefined : action.next?.(error);
    }
    this.routes.prepareError(error, action);
    if (this.isDefaultErrorHandlingEnabled) keepConnection(contextOf(action));
    return super.handleError(error, metadata, action);
  }

  protected override loadBodyParser(): unknown {
    const { json, text } = super.loadBodyParser();
    return {
      json: (options: object) => unlessParsed(json(options)),
      text: (options: object) => unlessParsed(text(options)),
    };
  }

  protected override loadMulter(): unknown {
    return wrapMulter(super.loadMulter(), withUploadErrors);
  }

  /**
   * Has a route ask the index first. Which function does so is the same for all routes, because the router calls them
   * one after the other. A router that keeps its routes differently is left alone.
   */
  private addToIndex(layer: ExpressLayer | undefined): void {
    if (!layer?.route || typeof layer.match !== 'function') return;
    const { index } = this;
    const { match } = layer;
    if (match !== this.match) {
      this.match = match;
      this.quickMatch = function (this: Layer, path) {
        return index.mayMatch(this, path) && match.call(this, path);
      };
    }
    index.add(layer, layer.route.path);
    layer.match = this.quickMatch as Layer['match'];
  }

  private createMiddleware(guard: RouteGuard, metadata: ActionMetadata) {
    const refuse = (action: Action, error: unknown): void => {
      this.handleError(error, metadata, action);
    };
    const proceed = (action: GuardedAction, error: AuthError | undefined) =>
      error ? refuse(action, error) : action.next();
    const run = (action: GuardedAction): Awaitable<void> => {
      let error: AuthError | undefined;
      try {
        const result = guard(action);
        if (isPromiseLike(result)) {
          return result
            .then((found) => applyResult(action, found))
            .then(
              (problem) => proceed(action, problem),
              (reason) => refuse(action, reason),
            )
            .catch(action.next);
        }
        error = applyResult(action, result);
      } catch (reason) {
        return refuse(action, reason);
      }
      return proceed(action, error);
    };
    const enter = this.routes.entering(run as (action: Action) => Awaitable<void>);
    return (request: Action['request'], response: unknown, next: Next) => enter({ request, response, next });
  }
}

interface ExpressLayer extends Layer {
  /** Undefined for middleware. */
  readonly route?: { readonly path: unknown };
}

interface ExpressRouter {
  readonly stack?: ExpressLayer[];
  readonly _router?: ExpressRouter;
  readonly router?: ExpressRouter;
}

/** Returns the layers of an application or a router. Express 4 throws for the property that Express 5 has. */
function layersOf(app: ExpressRouter): ExpressLayer[] | undefined {
  return app.stack ?? (app._router ?? app.router)?.stack;
}
