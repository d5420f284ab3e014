import type { Action } from 'routing-controllers';
import type { AuthResult } from '../authentication/authentication';
import type { Authorizer } from '../authorization/authorizer';
import type { Requirement } from '../authorization/requirement';
import type { AuthError } from '../errors/auth-error';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import type { MaybePromise } from '../util/maybe-promise';
import type { ResolvedRoute } from './route-collector';

/** What servers need of a gate, whatever its users are. */
export type RouteAuthorizer = Pick<Authorizer<unknown>, 'require' | 'authenticate' | 'check' | 'challenge'>;

/** Establishes the user of an action before anything else of its route runs; throws what is no refusal. */
export type RouteGuard = (action: Action) => MaybePromise<AuthResult<unknown, AuthError> | null>;

/**
 * The guard of a route: its login and its scopes. Policies wait until the body is there. A public route whose own
 * middleware may look at the user has one too, which refuses nobody; others of that kind have none.
 */
export function createRouteGuard(
  { access, metadata }: ResolvedRoute,
  authorizer: RouteAuthorizer,
  hasLoader: boolean,
): RouteGuard | undefined {
  if (!access.isPublic) {
    const { requirement: whole } = access;
    const requirement: Requirement = whole.policies.length > 0 ? { ...whole, policies: [] } : whole;
    return (action) => authorizer.check(action, requirement);
  }
  if (!hasLoader || !metadata.uses.some(({ afterAction }) => !afterAction)) return undefined;
  return async (action) => {
    try {
      const outcome = await authorizer.authenticate(action);
      return outcome.authentication ? outcome : null;
    } catch (error) {
      if (error instanceof ServiceUnavailableError) return null; // open routes still work
      throw error;
    }
  };
}
