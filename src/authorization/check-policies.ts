import type { Action } from 'routing-controllers';
import type { Authentication } from '../authentication/authentication';
import { withoutStackTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import type { LoginHttpError } from '../errors/login-http-error';
import { PolicyDeniedError } from '../errors/policy-denied-error';
import { chain, type MaybePromise } from '../util/maybe-promise';
import { type Alternative, decide, leavesOf, nextPolicy, type Truth } from './alternatives';
import { askPolicy, Denial, type Policy, type Question, subjectsOf } from './policy';
import type { PolicyAnswers } from './policy-answers';
import type { ContextExtras } from './policy-context';
import type { Requirement } from './requirement';
import { type RouteSubject, SubjectNotFoundError } from './subject';

/** Whose policies are asked, and about what. */
export interface PolicyCheck {
  readonly authentication: Authentication<unknown>;
  readonly action: Action;
  /** Extras that are given by hand. */
  readonly given: ContextExtras | undefined;
  /** What was answered before. */
  readonly answers: PolicyAnswers;
  readonly hasScope: (scope: string) => boolean;
}

/**
 * Asks the policies of a requirement, each at most once, and none whose answer cannot change the result. Before that,
 * their subjects are loaded.
 *
 * @returns The error, or undefined if the user may pass, as far as policies could be asked.
 */
export function checkPolicies(requirement: Requirement, check: PolicyCheck): MaybePromise<LoginHttpError | undefined> {
  const known = (leaf: string | Policy): Truth =>
    typeof leaf === 'string' ? check.hasScope(leaf) : check.answers.truth(leaf);
  const mayAsk = requirement.mayAsk ?? (() => true);
  const pending = pendingPolicies(requirement, known).filter(mayAsk);
  const { user, payload } = check.authentication;
  const { action, given, answers } = check;
  const question: Question = { user, payload, action, given };

  // A policy that was answered before counts too: the refusal must not tell that its subject was there.
  const isAsked = (leaf: string | Policy): leaf is Policy =>
    typeof leaf === 'function' && (pending.includes(leaf) || answers.truth(leaf) !== undefined);
  const hide = (error: PolicyDeniedError): LoginHttpError =>
    [...requirement.policies, ...requirement.alternatives].flatMap(leavesOf).filter(isAsked).some(hasHiddenSubject)
      ? SubjectNotFoundError.create(String(error.cause))
      : error;

  const next = (): MaybePromise<LoginHttpError | undefined> => {
    const found = nextStep(requirement, known, mayAsk);
    if (found === undefined) return undefined;
    if ('refuse' in found) return hide(refuse(found.refuse, answers));
    return chain(
      answers.ask(found.ask, () => askOnce(found.ask, question)),
      next,
    );
  };
  if (pending.length === 0) return next();
  const subjects = [...new Set(pending.flatMap((policy) => subjectsOf(policy, given)))];
  return chain(loadAll(subjects, question), (missing) => missing ?? next());
}

function hasHiddenSubject(policy: Policy): boolean {
  return subjectsOf(policy).some((subject) => subject.isHidden);
}

/** Returns the policies whose answer may matter. */
function pendingPolicies({ policies, alternatives }: Requirement, known: (leaf: string | Policy) => Truth): Policy[] {
  const ofRole = (role: Alternative): (string | Policy)[] => {
    if (decide(role, known) !== undefined) return [];
    return typeof role === 'string' || typeof role === 'function' ? [role] : role.roles.flatMap(ofRole);
  };
  return [...policies, ...alternatives].flatMap(ofRole).filter((leaf) => typeof leaf === 'function');
}

type Step = { readonly ask: Policy } | { readonly refuse: Alternative };

function nextStep(
  { policies, alternatives }: Requirement,
  known: (leaf: string | Policy) => Truth,
  mayAsk: (policy: Policy) => boolean,
): Step | undefined {
  for (const role of [...policies, ...alternatives]) {
    if (decide(role, known) === false) return { refuse: role };
    const ask = nextPolicy(role, known, mayAsk);
    if (ask) return { ask };
  }
  return undefined;
}

/** Loads subjects one after the other. @returns The error if one is missing. */
function loadAll(
  [subject, ...others]: readonly RouteSubject<unknown>[],
  question: Question,
): MaybePromise<LoginHttpError | undefined> {
  if (!subject) return undefined;
  const result = subject.load(question);
  const proceed = () => loadAll(others, question);
  if (!(result instanceof Promise)) return proceed();
  return result.then(proceed, (reason: unknown) => {
    if (reason instanceof SubjectNotFoundError) return reason;
    throw reason;
  });
}

function askOnce(policy: Policy, question: Question): MaybePromise<true | Denial> {
  return chain(askPolicy(policy, question), (answer) => {
    if (answer === true) return true;
    if (answer === false) return new Denial('');
    if (answer instanceof Denial) return answer;
    throw new ConfigurationError(
      `The policy ${policy.name || '(a function without a name)'} must return true or false, or a promise of it`,
      { section: 'routes-and-decorators' },
    );
  });
}

/** Creates the error of a role whose policies have been asked: it names the last that refused. */
function refuse(role: Alternative, answers: PolicyAnswers): PolicyDeniedError {
  const refused = leavesOf(role).filter(
    (leaf): leaf is Policy => typeof leaf === 'function' && answers.truth(leaf) === false,
  );
  const policy = refused.at(-1);
  const reason = policy && answers.reason(policy);
  return withoutStackTrace(() => new PolicyDeniedError(undefined, { policy: policy?.name, reason }));
}
