import type { Action } from 'routing-controllers';
import type { Authentication } from '../authentication/authentication';
import { withoutStackTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { LoginHttpError } from '../errors/login-http-error';
import { PolicyDeniedError } from '../errors/policy-denied-error';
import type { Clock } from '../util/clock';
import { type Awaitable, chain, type MaybePromise } from '../util/maybe-promise';
import type { Policy } from './policy';
import type { Requirement } from './requirement';
import { findStepUpProblem } from './step-up';

/** Number of scopes up to which searching the array is as fast as searching a set. */
const SMALL_ARRAY = 8;

/** The scopes of cached tokens as sets. Their arrays are frozen; an array of the application may change. */
const scopeSets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Returns whether these scopes include all that are required. */
export function hasScopes(scopes: readonly string[], { allOf, anyOf }: Pick<Requirement, 'allOf' | 'anyOf'>): boolean {
  const granted = scopes.length > SMALL_ARRAY && Object.isFrozen(scopes) ? toSet(scopes) : undefined;
  const has = (scope: string) => (granted ? granted.has(scope) : scopes.includes(scope));
  return allOf.every(has) && anyOf.every((alternatives) => alternatives.some(has));
}

function toSet(scopes: readonly string[]): ReadonlySet<string> {
  const set = scopeSets.get(scopes) ?? new Set(scopes);
  scopeSets.set(scopes, set);
  return set;
}

/** The parts of a manager that checks need. */
export interface CheckDependencies {
  readonly exceptions: CustomExceptions;
  readonly clock: Clock;
}

/**
 * Checks the scopes, then the login, then the policies in their order. Returns the error, or undefined if the user may
 * pass.
 */
export function checkRequirement(
  authentication: Authentication<unknown>,
  requirement: Requirement,
  action: Action,
  { exceptions, clock }: CheckDependencies,
): MaybePromise<LoginHttpError | undefined> {
  if (!hasScopes(authentication.scopes, requirement)) {
    return exceptions.insufficientScope(requirement.scopes);
  }
  const { stepUp } = requirement;
  const problem = stepUp && findStepUpProblem(authentication.payload, stepUp, clock());
  if (problem) return exceptions.insufficientAuthentication(stepUp, problem);
  return checkPolicies(requirement.policies, 0, authentication, action);
}

/** @param index - Index of the first policy to ask. */
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
        `The policy ${policy.name || '(a function without a name)'} must return true or false, or a promise of it`,
      );
    }
    return answer
      ? checkPolicies(policies, index + 1, authentication, action)
      : withoutStackTrace(() => new PolicyDeniedError());
  });
}
