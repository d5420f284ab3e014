import type { Action } from 'routing-controllers';
import type { Authentication } from '../authentication/authentication';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { LoginHttpError } from '../errors/login-http-error';
import type { Clock } from '../util/clock';
import type { MaybePromise } from '../util/maybe-promise';
import { decide, scopesIn, type Truth } from './alternatives';
import { checkPolicies } from './check-policies';
import type { Policy } from './policy';
import { PolicyAnswers, type RequestAnswers } from './policy-answers';
import type { ContextExtras } from './policy-context';
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
  readonly answers: RequestAnswers;
}

/**
 * Checks the scopes, then the login, then the policies. Returns the error, or undefined if the user may pass.
 *
 * @param given - Extras of policies that are given by hand.
 */
export function checkRequirement(
  authentication: Authentication<unknown>,
  requirement: Requirement,
  action: Action,
  { exceptions, clock, answers }: CheckDependencies,
  given?: ContextExtras,
): MaybePromise<LoginHttpError | undefined> {
  const { scopes } = authentication;
  if (!hasScopes(scopes, requirement)) return exceptions.insufficientScope(requirement.scopes);
  const { stepUp, policies, alternatives } = requirement;
  const hopeless = alternatives.find((role) => decide(role, (leaf) => knownScope(leaf, scopes)) === false);
  if (hopeless) return exceptions.insufficientScope([...new Set([...requirement.scopes, ...scopesIn(hopeless)])]);
  const problem = stepUp && findStepUpProblem(authentication.payload, stepUp, clock());
  if (problem) return exceptions.insufficientAuthentication(stepUp, problem);
  if (policies.length + alternatives.length === 0) return undefined;
  return checkPolicies(requirement, {
    authentication,
    action,
    given,
    answers: given ? new PolicyAnswers() : answers.of(action),
    hasScope: (scope) => scopes.includes(scope),
  });
}

/** Returns whether a scope is there; undefined for a policy. */
function knownScope(leaf: string | Policy, scopes: readonly string[]): Truth {
  return typeof leaf === 'string' ? scopes.includes(leaf) : undefined;
}
