import type { Action } from 'routing-controllers';
import type { Authentication, Outcome } from '../authentication/authentication';
import type { Authenticator } from '../authentication/authenticator';
import { refusalFor } from '../authentication/authorize';
import { exceptionFor } from '../authentication/exceptions';
import { InsufficientScopeError } from '../errors/insufficient-scope-error';
import { NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { PolicyDeniedError } from '../errors/policy-denied-error';
import type { Refusal } from '../errors/refusal';
import type { Exchange } from '../http/exchange';
import { type Eventually, isPromiseLike, whenReady } from '../maybe-promise';
import type { Settings } from '../options/settings';
import { parseRequirement, type Requirement } from '../requirement';
import { exchangeOf } from './action';
import { raise, rethrow } from './raise';
import { noteChallenge, watchResponse } from './response-headers';

/** Either who may pass, or why nobody may: as the manager's options want it thrown. */
export type Verdict<User> =
  | { readonly authentication: Authentication<User>; readonly refusal?: undefined }
  | { readonly authentication?: undefined; readonly refusal: Refusal };

/** Lets an action pass, or refuses it with the exceptions of the manager. */
export class Gate<User> {
  private readonly requirements = new WeakMap<readonly unknown[], Requirement>();
  private readonly declaredScopes: readonly string[] | undefined;

  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly settings: Settings<User>,
  ) {
    this.declaredScopes = settings.scopes && Object.keys(settings.scopes);
  }

  /** Who is logged in, or why nobody is; the response is followed from here on. */
  outcome(action: Action): Eventually<Outcome<User>> {
    const exchange = exchangeOf(action);
    watchResponse(exchange);
    const outcome = this.authenticator.ofRequest(exchange, action);
    if (!isPromiseLike(outcome)) return noting(outcome, exchange);
    return outcome.then(
      (one) => noting(one, exchange),
      (error: unknown) => rethrow(error, exchange), // the store may be down
    );
  }

  /** Whether who is logged in may do all this. What the application's own functions throw is thrown. */
  verdict(action: Action, requirement: Requirement): Eventually<Verdict<User>> {
    const outcome = this.outcome(action);
    if (isPromiseLike(outcome)) return outcome.then((one) => this.judge(one, requirement, action));
    return this.judge(outcome, requirement, action);
  }

  /** Who is logged in and may do all this; nobody else gets past. */
  admit(action: Action, requirement: Requirement): Eventually<Authentication<User>> {
    return whenReady(this.verdict(action, requirement), (verdict) => admitted(verdict, action));
  }

  /** Who is logged in, if anybody; who is must be allowed to do all this. */
  admitOptional(action: Action, requirement: Requirement): Eventually<Authentication<User> | null> {
    return whenReady(this.outcome(action), (outcome) => {
      if (outcome.refusal) return null;
      return whenReady(this.judge(outcome, requirement, action), (verdict) => admitted(verdict, action));
    });
  }

  /** The refusal as the manager's options want it thrown. */
  exceptionOf(
    error: NonNullable<Outcome<User>['refusal']> | InsufficientScopeError | PolicyDeniedError,
    action?: Action,
  ): Refusal {
    if (error instanceof NotAuthenticatedError)
      return exceptionFor(error, this.settings.notAuthenticatedException, action);
    if (error instanceof InsufficientScopeError) return exceptionFor(error, this.settings.outOfScopeException, action);
    return error;
  }

  private judge(outcome: Outcome<User>, requirement: Requirement, action: Action): Eventually<Verdict<User>> {
    if (outcome.refusal) return { refusal: this.exceptionOf(outcome.refusal, action) };
    const found = refusalFor(outcome.authentication, requirement, action);
    if (found === undefined) return outcome;
    return whenReady(found, (refusal) => (refusal ? { refusal: this.exceptionOf(refusal, action) } : outcome));
  }

  /** What roles require. routing-controllers gives the same list for each request of a route, so it is parsed once. */
  requirementOf(roles: readonly unknown[]): Requirement {
    const known = this.requirements.get(roles);
    if (known) return known;
    const requirement = parseRequirement(roles, this.declaredScopes);
    this.requirements.set(roles, requirement);
    return requirement;
  }
}

function admitted<User>({ authentication, refusal }: Verdict<User>, action: Action): Authentication<User> {
  return authentication ?? raise(refusal, exchangeOf(action));
}

/** A 401 that leaves later says what is known now. */
function noting<User>(outcome: Outcome<User>, exchange: Exchange): Outcome<User> {
  const challenge = outcome.refusal?.headers['WWW-Authenticate'];
  if (challenge) noteChallenge(exchange, challenge);
  return outcome;
}
