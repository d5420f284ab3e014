import type { Action } from 'routing-controllers';
import type { Authentication } from '../authentication/authentication';
import { withoutTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import { InsufficientScopeError } from '../errors/insufficient-scope-error';
import { PolicyDeniedError } from '../errors/policy-denied-error';
import { type Eventually, type MaybePromise, whenReady } from '../util/maybe-promise';
import type { Policy, Requirement } from './requirement';

/** Up to here a list is searched as fast as a set. */
const FEW = 8;

/** The list of a remembered token is the same each time, and frozen; a list of the application's own may change. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether these scopes are all that is required. */
export function hasScopes(scopes: readonly string[], { allOf, anyOf }: Pick<Requirement, 'allOf' | 'anyOf'>): boolean {
  const granted = scopes.length > FEW && Object.isFrozen(scopes) ? setOf(scopes) : undefined;
  const has = (scope: string) => (granted ? granted.has(scope) : scopes.includes(scope));
  return allOf.every(has) && anyOf.every((alternatives) => alternatives.some(has));
}

function setOf(scopes: readonly string[]): ReadonlySet<string> {
  const known = sets.get(scopes) ?? new Set(scopes);
  sets.set(scopes, known);
  return known;
}

/** Scopes first, then the policies one after the other: the refusal, or undefined where the user may pass. */
export function refusalFor(
  authentication: Authentication<unknown>,
  requirement: Requirement,
  action: Action,
): Eventually<InsufficientScopeError | PolicyDeniedError | undefined> {
  if (!hasScopes(authentication.scopes, requirement)) {
    return withoutTrace(() => new InsufficientScopeError(requirement.scopes));
  }
  return askPolicies(requirement.policies, 0, authentication, action);
}

/** @param index - Of the policy that is asked first. */
function askPolicies(
  policies: readonly Policy[],
  index: number,
  authentication: Authentication<unknown>,
  action: Action,
): Eventually<PolicyDeniedError | undefined> {
  const policy = policies[index];
  if (!policy) return undefined;
  return whenReady(policy(authentication.user, action, authentication.payload) as MaybePromise<unknown>, (answer) => {
    if (typeof answer !== 'boolean') {
      throw new ConfigurationError(
        `The policy ${policy.name || '(a function without a name)'} must answer true or false, or a promise of it`,
      );
    }
    return answer
      ? askPolicies(policies, index + 1, authentication, action)
      : withoutTrace(() => new PolicyDeniedError());
  });
}
