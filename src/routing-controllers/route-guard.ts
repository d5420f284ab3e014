import type { Action } from 'routing-controllers';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import { type Eventually, whenReady } from '../maybe-promise';
import type { Requirement } from '../requirement';
import type { Gate } from './gate';
import type { PlannedRoute } from './route-plan';

/** What servers need of a gate, whatever its users are. */
export type AnyGate = Pick<Gate<unknown>, 'admit' | 'outcome'>;

/** Establishes the user of an action before anything else of its route runs; throws where the route is not theirs. */
export type RouteGuard = (action: Action) => Eventually<unknown>;

/**
 * The guard of a route: its login and its scopes. Policies wait until the body is there. A public route whose own
 * middleware may look at the user has one too, which refuses nobody; others of that kind have none.
 */
export function guardOf({ access, metadata }: PlannedRoute, gate: AnyGate, hasLoader: boolean): RouteGuard | undefined {
  if (!access.isPublic) {
    const { requirement: whole } = access;
    const requirement: Requirement = whole.policies.length > 0 ? { ...whole, policies: [] } : whole;
    return (action) => whenReady(gate.admit(action, requirement), ({ user }) => user);
  }
  if (!hasLoader || !metadata.uses.some(({ afterAction }) => !afterAction)) return undefined;
  return async (action) => {
    try {
      return (await gate.outcome(action)).authentication?.user ?? null;
    } catch (error) {
      if (error instanceof ServiceUnavailableError) return null; // open routes still work
      throw error;
    }
  };
}
