import type { Action } from 'routing-controllers';
import type { AuthResult } from '../authentication/authentication';
import type { Gate } from '../authorization/authorizer';
import type { Requirement } from '../authorization/requirement';
import type { Refusal } from '../errors/auth-error';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import type { Eventually } from '../util/maybe-promise';
import type { PlannedRoute } from './route-plan';

/** What servers need of a gate, whatever its users are. */
export type AnyGate = Pick<Gate<unknown>, 'admit' | 'outcome' | 'verdict'>;

/** Establishes the user of an action before anything else of its route runs; throws what is no refusal. */
export type RouteGuard = (action: Action) => Eventually<AuthResult<unknown, Refusal> | null>;

/**
 * The guard of a route: its login and its scopes. Policies wait until the body is there. A public route whose own
 * middleware may look at the user has one too, which refuses nobody; others of that kind have none.
 */
export function guardOf({ access, metadata }: PlannedRoute, gate: AnyGate, hasLoader: boolean): RouteGuard | undefined {
  if (!access.isPublic) {
    const { requirement: whole } = access;
    const requirement: Requirement = whole.policies.length > 0 ? { ...whole, policies: [] } : whole;
    return (action) => gate.verdict(action, requirement);
  }
  if (!hasLoader || !metadata.uses.some(({ afterAction }) => !afterAction)) return undefined;
  return async (action) => {
    try {
      const outcome = await gate.outcome(action);
      return outcome.authentication ? outcome : null;
    } catch (error) {
      if (error instanceof ServiceUnavailableError) return null; // open routes still work
      throw error;
    }
  };
}
