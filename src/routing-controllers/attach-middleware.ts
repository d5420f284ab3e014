import type { Action } from 'routing-controllers';
import type { Authorizer } from '../authorization/authorizer';
import { ConfigurationError } from '../errors/configuration-error';
import { actionOf } from '../http/request-context';
import { setUser } from './request-user';

/** An application or a router of Express or Koa. */
export interface MiddlewareTarget {
  // biome-ignore lint/suspicious/noExplicitAny: the signatures of the two frameworks have nothing in common
  use(handler: any): unknown;
}

/**
 * Sets `request.user` of every request, and `ctx.state.user` on Koa, to the user or null. Denies no request.
 *
 * @throws {@link ConfigurationError} for anything but an application or a router.
 */
export function attachMiddleware<User>(target: MiddlewareTarget, authorizer: Authorizer<User>): void {
  if (typeof target?.use !== 'function') {
    throw new ConfigurationError(
      'attachMiddleware() requires an application or a router; write manager.attachMiddleware(app)',
    );
  }
  const authenticate = async (action: Action): Promise<void> => {
    const { authentication } = await authorizer.authenticate(action);
    setUser(action, authentication?.user ?? null);
  };
  // Applications and routers of Express are functions, those of Koa are objects.
  const middleware = typeof target === 'function' ? expressMiddleware : koaMiddleware;
  target.use(middleware(authenticate, (action, run) => authorizer.enter(action, run)));
}

type Authenticate = (action: Action) => Promise<void>;

/** Runs the rest of a request, so that `current()` tells which in it. */
type Enter = (action: Action, run: () => Promise<unknown>) => Promise<unknown>;

function expressMiddleware(authenticate: Authenticate, enter: Enter) {
  return (request: Action['request'], response: unknown, next: (error?: unknown) => void): Promise<unknown> => {
    const action = { request, response, next };
    return enter(action, async () => {
      try {
        await authenticate(action);
      } catch (error) {
        return next(error);
      }
      next();
    });
  };
}

function koaMiddleware(authenticate: Authenticate, enter: Enter) {
  return (context: Action['context'], next: () => Promise<unknown>): Promise<unknown> => {
    const action = { ...actionOf(context), next };
    return enter(action, async () => {
      await authenticate(action);
      return next();
    });
  };
}
