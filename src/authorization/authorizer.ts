import type { Action } from 'routing-controllers';
import type { Authentication, AuthResult, Outcome } from '../authentication/authentication';
import type { Authenticator } from '../authentication/authenticator';
import type { Refusal } from '../errors/auth-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import { exchangeOf } from '../http/action';
import { raise, rethrow } from '../http/error-response';
import type { Exchange } from '../http/request-context';
import { noteChallenge, watchResponse } from '../http/response-headers';
import { type Eventually, isPromiseLike, whenReady } from '../util/maybe-promise';
import { refusalFor } from './check-requirement';
import { parseRequirement, type Requirement } from './requirement';

/** Lets an action pass, or refuses it with the exceptions of the manager. */
export class Gate<User> {
  private readonly requirements = new WeakMap<readonly unknown[], Requirement>();

  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly exceptions: CustomExceptions,
    private readonly declaredScopes: readonly string[] | undefined,
  ) {}

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
  verdict(action: Action, requirement: Requirement): Eventually<AuthResult<User, Refusal>> {
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

  private judge(
    outcome: Outcome<User>,
    requirement: Requirement,
    action: Action,
  ): Eventually<AuthResult<User, Refusal>> {
    if (outcome.refusal) return { refusal: this.exceptions.replace(outcome.refusal, action) };
    const found = refusalFor(outcome.authentication, requirement, action);
    if (found === undefined) return outcome;
    return whenReady(found, (refusal) => (refusal ? { refusal: this.exceptions.replace(refusal, action) } : outcome));
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

function admitted<User>({ authentication, refusal }: AuthResult<User, Refusal>, action: Action): Authentication<User> {
  return authentication ?? raise(refusal, exchangeOf(action));
}

/** A 401 that leaves later says what is known now. */
function noting<User>(outcome: Outcome<User>, exchange: Exchange): Outcome<User> {
  const challenge = outcome.refusal?.headers['WWW-Authenticate'];
  if (challenge) noteChallenge(exchange, challenge);
  return outcome;
}
