import type { Action } from 'routing-controllers';
import type { AuthError } from '../errors/auth-error';
import { ContextKey, contextOf } from '../http/request-context';
import type { GuardResult } from './route-guard';

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
  setOn(action.request, user, previous);
  if (action.context) setOn(action.context.state, user, previous);
  ownUser.set(context, user);
}

function setOn(holder: { user?: unknown }, user: unknown, previous: unknown): void {
  if (user !== null || holder.user === undefined || holder.user === previous) holder.user = user;
}

/** Sets the user that a guard has found, or returns the error that it refuses the action with. */
export function applyResult(action: Action, result: GuardResult): AuthError | undefined {
  if (!result?.error) setUser(action, result?.authentication.user ?? null);
  return result?.error;
}
