import type { Action } from 'routing-controllers';
import type { Authentication } from '../authentication/authentication';
import { withoutStackTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { InsufficientScopeError } from '../errors/insufficient-scope-error';
import { PolicyDeniedError } from '../errors/policy-denied-error';
import { type Awaitable, chain, type MaybePromise } from '../util/maybe-promise';
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
export function checkRequirement(
  authentication: Authentication<unknown>,
  requirement: Requirement,
  action: Action,
  exceptions: CustomExceptions,
): MaybePromise<InsufficientScopeError | PolicyDeniedError | undefined> {
  if (!hasScopes(authentication.scopes, requirement)) {
    return exceptions.insufficientScope(requirement.scopes);
  }
  return checkPolicies(requirement.policies, 0, authentication, action);
}

/** @param index - Of the policy that is asked first. */
function checkPolicies(
  policies: readonly Policy[],
  index: number,
  authentication: Authentication<unknown>,
  action: Action,
): MaybePromise<PolicyDeniedError | undefined> {
  const policy = policies[index];
  if (!policy) return undefined;
  return chain(policy(authentication.user, action, authentication.payload) as Awaitable<unknown>, (answer) => {
    if (typeof answer !== 'boolean') {
      throw new ConfigurationError(
        `The policy ${policy.name || '(a function without a name)'} must answer true or false, or a promise of it`,
      );
    }
    return answer
      ? checkPolicies(policies, index + 1, authentication, action)
      : withoutStackTrace(() => new PolicyDeniedError());
  });
}
