import { type Action, type ActionMetadata, ExpressDriver } from 'routing-controllers';
import type { AuthResult } from '../../authentication/authentication';
import { type AuthError, isAuthError } from '../../errors/auth-error';
import { keepConnection } from '../../http/error-response';
import { contextOf } from '../../http/request-context';
import { type Awaitable, isPromiseLike } from '../../util/maybe-promise';
import { setUser } from '../request-user';
import type { RouteGuard } from '../route-guard';
import { unlessParsed } from './parsed-body';
import type { SecureRoutes } from './secure-routes';

type Next = (error?: unknown) => void;

/** Express driver that resolves the access of all routes before registering any. */
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
      toMiddleware: (guard, metadata) => this.createMiddleware(guard, metadata),
      afterMiddleware: () => [],
      handleError: (error, metadata, action) => this.handleError(error, metadata, action),
    });
    for (const { metadata, execute } of routes) super.registerAction(metadata, execute);
  }

  override handleError(reason: unknown, metadata: ActionMetadata | undefined, action: Action): unknown {
    const error = this.routes.toAnswerable(reason, this.isDefaultErrorHandlingEnabled);
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

  private createMiddleware(guard: RouteGuard, metadata: ActionMetadata) {
    const run = (action: Action, next: Next): Awaitable<void> => {
      const answerError = (error: unknown) => {
        this.handleError(error, metadata, action);
      };
      const setUserOf = (result: AuthResult<unknown, AuthError> | null) => {
        if (!result?.error) setUser(action, result?.authentication.user ?? null);
        return result?.error;
      };
      const proceed = (error: AuthError | undefined) => (error ? answerError(error) : next());
      let error: AuthError | undefined;
      try {
        const result = guard(action);
        if (isPromiseLike(result)) return result.then(setUserOf).then(proceed, answerError).catch(next);
        error = setUserOf(result);
      } catch (error) {
        return answerError(error);
      }
      proceed(error);
    };
    return (request: Action['request'], response: unknown, next: Next): Awaitable<void> => {
      const action = { request, response, next };
      return this.routes.enter(action, () => run(action, next));
    };
  }
}
