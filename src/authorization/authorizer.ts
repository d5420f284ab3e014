import type { Action } from 'routing-controllers';
import type { Authentication, AuthenticationResult, AuthResult } from '../authentication/authentication';
import type { Authenticator } from '../authentication/authenticator';
import type { AuthError } from '../errors/auth-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { LoginHttpError } from '../errors/login-http-error';
import { createChallenge } from '../errors/www-authenticate';
import { rethrowWithResponse, throwAuthError } from '../http/error-response';
import type { HttpRequest, RequestContext } from '../http/request-context';
import { actionOf, ContextKey, contextOf } from '../http/request-context';
import { setChallenge, trackResponse } from '../http/response-headers';
import type { TokenPayload } from '../jwt/token-payload';
import { readSession } from '../sessions/registry/session-claims';
import type { Events } from '../util/diagnostics';
import { chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import { checkRequirement } from './check-requirement';
import { parseRequirement, type Requirement, type Role } from './requirement';

/** Roles as they were when they were parsed. */
interface ParsedRoles {
  readonly roles: readonly unknown[];
  readonly requirement: Requirement;
}

/** Lets an action pass, or refuses it with the exceptions of the manager. */
export class Authorizer<User> {
  private readonly requirements = new WeakMap<object, ParsedRoles>();

  /** The challenge of a 401 that the application itself answers with. */
  readonly challenge: string;
  private readonly published = new ContextKey<true>();

  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly exceptions: CustomExceptions,
    private readonly declaredScopes: readonly string[] | undefined,
    private readonly events: Events,
  ) {
    this.challenge = createChallenge(exceptions.challenge);
  }

  /** Who is logged in, or why nobody is; the response is followed from here on. */
  authenticate(action: Action): MaybePromise<AuthenticationResult<User>> {
    const context = contextOf(action);
    trackResponse(context, this.challenge);
    const outcome = this.authenticator.authenticateRequest(context, action);
    if (!isPromiseLike(outcome)) return rememberChallenge(outcome, context);
    return outcome.then(
      (one) => rememberChallenge(one, context),
      (error: unknown) => rethrowWithResponse(error, context), // the store may be down
    );
  }

  /** Whether who is logged in may do all this. What the application's own functions throw is thrown. */
  check(action: Action, requirement: Requirement): MaybePromise<AuthResult<User, AuthError>> {
    const outcome = this.authenticate(action);
    if (isPromiseLike(outcome)) return outcome.then((one) => this.evaluate(one, requirement, action));
    return this.evaluate(outcome, requirement, action);
  }

  /** Who is logged in and may do all this; nobody else gets past. */
  require(action: Action, requirement: Requirement): MaybePromise<Authentication<User>> {
    return chain(this.check(action, requirement), (verdict) => authenticationOrThrow(verdict, action));
  }

  /** Who is logged in, if anybody; who is must be allowed to do all this. */
  requireIfAuthenticated(action: Action, requirement: Requirement): MaybePromise<Authentication<User> | null> {
    return chain(this.authenticate(action), (outcome) => {
      if (outcome.error) return null;
      return chain(this.evaluate(outcome, requirement, action), (verdict) => authenticationOrThrow(verdict, action));
    });
  }

  /** Authenticates a request that comes from elsewhere, as {@link require} does. */
  authenticateRequest(request: HttpRequest, roles: Role | readonly Role[]): MaybePromise<Authentication<User>> {
    return this.require(actionOf(request), this.requirementFor(roles));
  }

  /** Returns the user of a request that comes from elsewhere, or null if it is not authenticated. */
  optionalUser(request: HttpRequest, roles: Role | readonly Role[]): MaybePromise<User | null> {
    const authentication = this.requireIfAuthenticated(actionOf(request), this.requirementFor(roles));
    return chain(authentication, (one) => one?.user ?? null);
  }

  private evaluate(
    outcome: AuthenticationResult<User>,
    requirement: Requirement,
    action: Action,
  ): MaybePromise<AuthResult<User, AuthError>> {
    if (outcome.error) return this.refuse(outcome.error, action);
    const found = checkRequirement(outcome.authentication, requirement, action, this.exceptions);
    if (found === undefined) return outcome;
    return chain(found, (error) => (error ? this.refuse(error, action, outcome.authentication.payload) : outcome));
  }

  /** Publishes the refusal, once for each request, and returns the error to throw. */
  private refuse(error: LoginHttpError, action: Action, payload?: TokenPayload): AuthResult<User, AuthError> {
    if (this.events.has('refused') && !this.published.get(contextOf(action))) {
      this.published.set(contextOf(action), true);
      const session = payload && readSession(payload)?.id;
      this.events.publish('refused', () => ({ action, code: error.code, error, sub: payload?.sub, session }));
    }
    return { authentication: undefined, error: this.exceptions.replace(error, action) };
  }

  /**
   * Parses roles. The result is kept with the caller's array, because a route passes the same one for each request; it
   * is parsed again if the array has changed since.
   *
   * @throws {@link ConfigurationError} for a role that is not a scope, alternatives or a policy.
   */
  requirementFor(roles: Role | readonly Role[]): Requirement {
    const list: readonly unknown[] = Array.isArray(roles) ? roles : [roles];
    const cached = this.requirements.get(roles as object);
    if (cached && isSameList(cached.roles, list)) return cached.requirement;
    const requirement = parseRequirement(list, this.declaredScopes);
    if (typeof roles !== 'string') this.requirements.set(roles as object, { roles: [...list], requirement });
    return requirement;
  }
}

function authenticationOrThrow<User>(
  { authentication, error }: AuthResult<User, AuthError>,
  action: Action,
): Authentication<User> {
  return authentication ?? throwAuthError(error, contextOf(action));
}

/** A 401 that leaves later says what is known now. */
function rememberChallenge<User>(
  outcome: AuthenticationResult<User>,
  context: RequestContext,
): AuthenticationResult<User> {
  const challenge = outcome.error?.headers['WWW-Authenticate'];
  if (challenge) setChallenge(context, challenge);
  return outcome;
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
