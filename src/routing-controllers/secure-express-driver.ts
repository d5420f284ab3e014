import { type Action, type ActionMetadata, ExpressDriver } from 'routing-controllers';
import type { AuthResult } from '../authentication/authentication';
import { isRefusal, type Refusal } from '../errors/auth-error';
import { isPromiseLike, type MaybePromise } from '../util/maybe-promise';
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
    this.routes.plan.add(metadata, execute);
  }

  /** routing-controllers calls this once, after all actions. */
  override registerRoutes(): void {
    const routes = this.routes.complete({
      middlewareOf: (guard, metadata) => this.middlewareOf(guard, metadata),
      lastOf: () => [],
      refuse: (error, metadata, action) => this.handleError(error, metadata, action),
    });
    for (const { metadata, execute } of routes) super.registerAction(metadata, execute);
  }

  override handleSuccess(result: unknown, metadata: ActionMetadata, action: Action): unknown {
    return this.routes.intercepted(result, metadata, action, (intercepted) =>
      super.handleSuccess(intercepted, metadata, action),
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: as routing-controllers declares it
  override handleError(error: any, metadata: ActionMetadata | undefined, action: Action): unknown {
    if (action.response.headersSent) return isRefusal(error) ? undefined : action.next?.(error);
    this.routes.beforeError(error, action);
    return super.handleError(error, metadata, action);
  }

  private middlewareOf(guard: RouteGuard, metadata: ActionMetadata) {
    return (request: Action['request'], response: unknown, next: Next): MaybePromise<void> => {
      const action = { request, response, next };
      const refuse = (error: unknown) => {
        this.handleError(error, metadata, action);
      };
      const letIn = (result: AuthResult<unknown, Refusal> | null) => {
        if (!result?.refusal) request.user = result?.authentication.user ?? null;
        return result?.refusal;
      };
      const goOn = (refusal: Refusal | undefined) => (refusal ? refuse(refusal) : next());
      let refusal: Refusal | undefined;
      try {
        const admission = guard(action);
        if (isPromiseLike(admission)) return admission.then(letIn).then(goOn, refuse).catch(next);
        refusal = letIn(admission);
      } catch (error) {
        return refuse(error);
      }
      goOn(refusal);
    };
  }
}
