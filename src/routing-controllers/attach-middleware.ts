import type { Action } from 'routing-controllers';
import type { Authorizer } from '../authorization/authorizer';
import { actionOf } from '../http/request-context';
import { chain, type MaybePromise } from '../util/maybe-promise';

/** An application or a router of Express or Koa. */
export interface MiddlewareTarget {
  // biome-ignore lint/suspicious/noExplicitAny: the signatures of the two frameworks have nothing in common
  use(handler: any): unknown;
}

/** Sets `request.user` of every request, and `ctx.state.user` on Koa, to the user or null; refuses nobody. */
export function attachMiddleware<User>(target: MiddlewareTarget, authorizer: Authorizer<User>): void {
  const user = (action: Action): MaybePromise<unknown> =>
    chain(authorizer.authenticate(action), ({ authentication }) => authentication?.user ?? null);
  // Applications and routers of Express are functions, those of Koa are objects.
  target.use(typeof target === 'function' ? expressMiddleware(user) : koaMiddleware(user));
}

type FindUser = (action: Action) => unknown;

function expressMiddleware(findUser: FindUser) {
  return async (request: Action['request'], response: unknown, next: (error?: unknown) => void): Promise<void> => {
    try {
      request.user = await findUser({ request, response, next });
    } catch (error) {
      return next(error);
    }
    next();
  };
}

function koaMiddleware(findUser: FindUser) {
  return async (context: Action['context'], next: () => Promise<unknown>): Promise<unknown> => {
    context.request.user = context.state.user = await findUser({ ...actionOf(context), next });
    return next();
  };
}
