import { type Action, UnauthorizedError } from 'routing-controllers';
import type { Authorizer } from '../authorization/authorizer';
import { NO_REQUIREMENT, type Role } from '../authorization/requirement';
import { isPromiseLike, type MaybePromise } from '../util/maybe-promise';

/** Creates the `authorizationChecker`. It returns true or throws; for false routing-controllers would answer 403. */
export function createAuthorizationChecker<User>(
  authorizer: Authorizer<User>,
): (action: Action, roles: Role[]) => MaybePromise<boolean> {
  return (action, roles) => {
    const authentication = authorizer.require(action, authorizer.requirementFor(roles));
    return isPromiseLike(authentication) ? authentication.then(isAllowed) : true;
  };
}

const isAllowed = () => true;

/** Creates the `currentUserChecker`, which returns the user or null. */
export function createCurrentUserChecker<User>(
  authorizer: Authorizer<User>,
): (action: Action) => User | Promise<User | null> {
  return (action) => {
    const result = authorizer.authenticate(action);
    if (!isPromiseLike(result) && result.authentication) return result.authentication.user;
    const user = Promise.resolve(result).then(({ authentication }) => authentication?.user ?? null);
    return withRequiredUserError(user, () => authorizer.require(action, NO_REQUIREMENT));
  };
}

/**
 * Replaces the error that routing-controllers throws for a `required` parameter by the manager's. That error has no
 * challenge, and a stack trace in development; it is thrown in a callback of this promise. For everybody else this is
 * an ordinary promise.
 */
function withRequiredUserError<T>(promise: Promise<T>, throwInstead: () => unknown): Promise<T> {
  const replaceError = async (error: unknown): Promise<never> => {
    if (isUserRequired(error)) await throwInstead();
    throw error;
  };
  return Object.defineProperty(promise, 'then', {
    value: (...callbacks: Parameters<typeof promise.then>) =>
      Promise.prototype.then.apply(promise, callbacks).catch(replaceError),
  });
}

/** Compares by name, because routing-controllers does not export the class. */
function isUserRequired(error: unknown): boolean {
  return error instanceof UnauthorizedError && error.name === 'AuthorizationRequiredError';
}
