import { type Action, UnauthorizedError } from 'routing-controllers';
import type { Authorizer } from '../authorization/authorizer';
import { NO_REQUIREMENT, type Role } from '../authorization/requirement';
import { chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';

/** The `authorizationChecker`: true, or a refusal that is thrown; never false, which routing-controllers makes a 403. */
export function createAuthorizationChecker<User>(
  authorizer: Authorizer<User>,
): (action: Action, roles: Role[]) => MaybePromise<boolean> {
  return (action, roles) => chain(authorizer.require(action, authorizer.requirementFor(roles)), isLetIn);
}

const isLetIn = () => true;

/** The `currentUserChecker`: the user, or null. */
export function createCurrentUserChecker<User>(
  authorizer: Authorizer<User>,
): (action: Action) => User | Promise<User | null> {
  return (action) => {
    const outcome = authorizer.authenticate(action);
    if (!isPromiseLike(outcome) && outcome.authentication) return outcome.authentication.user;
    const user = Promise.resolve(outcome).then(({ authentication }) => authentication?.user ?? null);
    return withRequiredUserError(user, () => authorizer.require(action, NO_REQUIREMENT));
  };
}

/**
 * Where a parameter is `required`, routing-controllers throws an error of its own in a callback of this promise: it
 * has no challenge, and a trace in development. There the manager's refusal is thrown instead. To everybody else it
 * is an ordinary promise.
 */
function withRequiredUserError<T>(promise: Promise<T>, refuse: () => unknown): Promise<T> {
  const instead = async (error: unknown): Promise<never> => {
    if (isUserRequired(error)) await refuse();
    throw error;
  };
  return Object.defineProperty(promise, 'then', {
    value: (...callbacks: Parameters<typeof promise.then>) =>
      Promise.prototype.then.apply(promise, callbacks).catch(instead),
  });
}

/** routing-controllers does not export the class. */
function isUserRequired(error: unknown): boolean {
  return error instanceof UnauthorizedError && error.name === 'AuthorizationRequiredError';
}
