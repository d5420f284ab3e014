import type { Action } from 'routing-controllers';
import { ContextKey, contextOf } from '../http/request-context';

/** The user that this library set on a request. */
const ownUser = new ContextKey<unknown>();

/**
 * Sets `request.user`, on Koa `ctx.state.user` too.
 *
 * @param user - Null if nobody is logged in: then the user that another library has set stays.
 */
export function setUser(action: Action, user: unknown): void {
  const context = contextOf(action);
  const previous = ownUser.get(context);
  for (const holder of action.context ? [action.request, action.context.state] : [action.request]) {
    if (user !== null || holder.user === undefined || holder.user === previous) holder.user = user;
  }
  ownUser.set(context, user);
}
