import { type Action, type ActionMetadata, ExpressDriver } from 'routing-controllers';
import type { AuthResult } from '../authentication/authentication';
import { type AuthError, isAuthError } from '../errors/auth-error';
import { keepConnection } from '../http/error-response';
import { contextOf } from '../http/request-context';
import { type Awaitable, isPromiseLike } from '../util/maybe-promise';
import { unlessParsed } from './parsed-body';
import type { RouteGuard } from './route-guard';
import type { SecureRoutes } from './secure-routes';

type Next = (error?: unknown) => void;

/** routing-controllers' Express driver, but that it registers no route before all are decided about. */
export class SecureExpressDriver extends ExpressDriver {
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
      toMiddleware: (guard, metadata) => this.middlewareOf(guard, metadata),
      afterMiddleware: () => [],
      handleError: (error, metadata, action) => this.handleError(error, metadata, action),
    });
    for (const { metadata, execute } of routes) super.registerAction(metadata, execute);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers declares it
  override handleError(error: any, metadata: ActionMetadata | undefined, action: Action): unknown {
    if (action.response.headersSent) return isAuthError(error) ? undefined : action.next?.(error);
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

  private middlewareOf(guard: RouteGuard, metadata: ActionMetadata) {
    return (request: Action['request'], response: unknown, next: Next): Awaitable<void> => {
      const action = { request, response, next };
      const refuse = (error: unknown) => {
        this.handleError(error, metadata, action);
      };
      const letIn = (result: AuthResult<unknown, AuthError> | null) => {
        if (!result?.error) request.user = result?.authentication.user ?? null;
        return result?.error;
      };
      const goOn = (error: AuthError | undefined) => (error ? refuse(error) : next());
      let error: AuthError | undefined;
      try {
        const admission = guard(action);
        if (isPromiseLike(admission)) return admission.then(letIn).then(goOn, refuse).catch(next);
        error = letIn(admission);
      } catch (error) {
        return refuse(error);
      }
      goOn(error);
    };
  }
}
