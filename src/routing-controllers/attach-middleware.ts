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
  target.use(typeof target === 'function' ? expressMiddleware(authenticate) : koaMiddleware(authenticate));
}

type Authenticate = (action: Action) => Promise<void>;

function expressMiddleware(authenticate: Authenticate) {
  return async (request: Action['request'], response: unknown, next: (error?: unknown) => void): Promise<void> => {
    try {
      await authenticate({ request, response, next });
    } catch (error) {
      return next(error);
    }
    next();
  };
}

function koaMiddleware(authenticate: Authenticate) {
  return async (context: Action['context'], next: () => Promise<unknown>): Promise<unknown> => {
    await authenticate({ ...actionOf(context), next });
    return next();
  };
}
