import type { Action } from 'routing-controllers';
import type { Authorizer } from '../authorization/authorizer';
import { ConfigurationError } from '../errors/configuration-error';
import { actionOf } from '../http/request-context';
import { setUser } from './request-user';
import { authenticateOptionally } from './route-guard';

/** An application or a router of Express or Koa. */
export interface MiddlewareTarget {
  // biome-ignore lint/suspicious/noExplicitAny: the signatures of the two frameworks have nothing in common
  use(handler: any): unknown;
}

/**
 * Sets `request.user` of every request, and `ctx.state.user` on Koa, to the user or null. Denies no request: while the
 * user cannot be told, because the session store is unavailable for instance, the user is null too.
 *
 * @throws {@link ConfigurationError} for anything but an application or a router.
 */
export function attachMiddleware<User>(target: MiddlewareTarget, authorizer: Authorizer<User>): void {
  if (typeof target?.use !== 'function') {
    throw new ConfigurationError(
      'attachMiddleware() requires an application or a router; write manager.attachMiddleware(app)',
      { section: 'servers' },
    );
  }
  const authenticate = async (action: Action): Promise<void> => {
    const result = await authenticateOptionally(authorizer, action);
    setUser(action, result?.authentication?.user ?? null);
  };
  // Applications and routers of Express are functions, those of Koa are objects.
  const middleware = typeof target === 'function' ? expressMiddleware : koaMiddleware;
  target.use(middleware(authenticate, (run) => authorizer.entering(run)));
}

type Authenticate = (action: Action) => Promise<void>;

type Run = (action: Action) => Promise<unknown>;

/** Has the rest of a request run so that `current()` tells which. */
type Entering = (run: Run) => Run;

function expressMiddleware(authenticate: Authenticate, entering: Entering) {
  const run = entering(async (action) => {
    try {
      await authenticate(action);
    } catch (error) {
      return action.next?.(error);
    }
    action.next?.();
  });
  return (request: Action['request'], response: unknown, next: (error?: unknown) => void) =>
    run({ request, response, next });
}

function koaMiddleware(authenticate: Authenticate, entering: Entering) {
  const run = entering(async (action) => {
    await authenticate(action);
    return action.next?.();
  });
  return (context: Action['context'], next: () => Promise<unknown>) => run({ ...actionOf(context), next });
}
