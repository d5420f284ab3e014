import type { Action } from 'routing-controllers';
import type { AuthResult } from '../authentication/authentication';
import { type AnyOf, leavesOf } from '../authorization/alternatives';
import type { Authorizer } from '../authorization/authorizer';
import { isBeforeBody } from '../authorization/policy';
import { NO_REQUIREMENT, type Requirement } from '../authorization/requirement';
import type { AuthError } from '../errors/auth-error';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import { contextOf } from '../http/request-context';
import { trackResponse } from '../http/response-headers';
import { chain, type MaybePromise, recovering } from '../util/maybe-promise';
import type { ResolvedRoute } from './route-collector';

/** The part of the authorizer that servers use, for users of any type. */
export type RouteAuthorizer = Pick<Authorizer<unknown>, 'require' | 'authenticate' | 'check' | 'challenge'> & {
  // A method of its own, because picking a generic method would fix its type.
  entering<T>(run: (action: Action) => T): (action: Action) => T;
};

/** The authentication, or the error that refuses the action; null if nobody is logged in and nobody has to be. */
export type GuardResult = AuthResult<unknown, AuthError> | null;

/** Establishes the user of an action before anything else of its route runs. */
export type RouteGuard = (action: Action) => MaybePromise<GuardResult>;

/**
 * Creates the guard of a route. It checks the login, the scopes and the policies that need no body. The guard of a
 * public route denies nobody.
 *
 * @param hasLoader - Whether the manager has a user loader. Without one nobody can be logged in.
 */
export function createRouteGuard(
  { access }: ResolvedRoute,
  authorizer: RouteAuthorizer,
  hasLoader: boolean,
): RouteGuard {
  if (!access.isPublic) {
    const requirement = splitPolicies(access.requirement).beforeBody;
    return (action) => authorizer.check(action, requirement);
  }
  return hasLoader
    ? (action) => authenticateOptionally(authorizer, action)
    : (action) => trackAnonymous(authorizer, action);
}

/** Splits a requirement into what is checked before the body is read, and the policies that wait for the body. */
export function splitPolicies(requirement: Requirement): {
  readonly beforeBody: Requirement;
  /** Undefined if nothing waits for the body. */
  readonly afterBody: Requirement | undefined;
} {
  const policies = requirement.policies.filter((policy) => !isBeforeBody(policy));
  const alternatives = requirement.alternatives.filter(waitsForBody);
  if (policies.length + alternatives.length === 0) return { beforeBody: requirement, afterBody: undefined };
  return {
    beforeBody: { ...requirement, policies: requirement.policies.filter(isBeforeBody), mayAsk: isBeforeBody },
    afterBody: { ...NO_REQUIREMENT, policies, alternatives },
  };
}

function waitsForBody(role: AnyOf): boolean {
  return leavesOf(role).some((leaf) => typeof leaf === 'function' && !isBeforeBody(leaf));
}

/** Returns the authentication, or null for nobody: also while the session store is unavailable. */
export function authenticateOptionally(
  authorizer: Pick<RouteAuthorizer, 'authenticate'>,
  action: Action,
): ReturnType<RouteGuard> {
  return recovering<GuardResult>(
    () => chain(authorizer.authenticate(action), (result) => (result.authentication ? result : null)),
    (reason) => {
      if (reason instanceof ServiceUnavailableError) return null;
      throw reason;
    },
  );
}

/** Has a 401 of the handler carry a challenge. */
function trackAnonymous({ challenge }: RouteAuthorizer, action: Action): null {
  trackResponse(contextOf(action), challenge);
  return null;
}
