import type { Action } from 'routing-controllers';
import type { Authentication, AuthenticationResult, AuthResult } from '../authentication/authentication';
import type { Authenticator } from '../authentication/authenticator';
import type { RunningRequests } from '../authentication/running-request';
import type { AuthError } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { LoginHttpError } from '../errors/login-http-error';
import { createChallenge } from '../errors/www-authenticate';
import { rethrowWithResponse, throwAuthError } from '../http/error-response';
import type { HttpRequest, RequestContext } from '../http/request-context';
import { actionOf, ContextKey, contextOf } from '../http/request-context';
import { setChallenge, trackResponse } from '../http/response-headers';
import type { TokenPayload } from '../jwt/token-payload';
import { readSession } from '../sessions/registry/session-claims';
import type { Clock } from '../util/clock';
import type { Events } from '../util/diagnostics';
import { chain, isPromiseLike, type MaybePromise, recovering } from '../util/maybe-promise';
import { checkRequirement } from './check-requirement';
import { RequestAnswers } from './policy-answers';
import type { ContextExtras } from './policy-context';
import { parseRequirement, type Requirement, type Role } from './requirement';
import { rememberPayload } from './subject';

/** Roles as they were when they were parsed. */
interface ParsedRoles {
  readonly roles: readonly unknown[];
  readonly requirement: Requirement;
}

/**
 * Authenticates and authorizes actions. Errors of the application's own functions are thrown, as errors that every
 * framework answers; all callers share this, so that no reason lets a request in.
 */
export class Authorizer<User> {
  private readonly requirements = new WeakMap<object, ParsedRoles>();

  /** The challenge of a 401 that the application itself answers with. */
  readonly challenge: string;
  private readonly published = new ContextKey<true>();

  /** What policies have answered. */
  readonly answers = new RequestAnswers();

  constructor(
    private readonly authenticator: Authenticator<User>,
    readonly exceptions: CustomExceptions,
    private readonly declaredScopes: readonly string[] | undefined,
    private readonly events: Events,
    readonly clock: Clock,
    private readonly running: RunningRequests<User> | undefined,
  ) {
    this.challenge = createChallenge(exceptions.challenge);
  }

  /** Returns the authentication of an action, or the error that denies it. From here on its response is tracked. */
  authenticate(action: Action): MaybePromise<AuthenticationResult<User>> {
    // Written out, like check() and evaluate(): every request comes here, and a call of chain() creates a function.
    const context = contextOf(action);
    trackResponse(context, this.challenge);
    try {
      const result = this.authenticator.authenticateRequest(context, action);
      if (!isPromiseLike(result)) return this.remember(result, context);
      return result.then((one) => this.remember(one, context)).catch((reason) => this.fail(reason, context));
    } catch (reason) {
      return this.fail(reason, context);
    }
  }

  private fail(reason: unknown, context: RequestContext): never {
    this.running?.rememberFailure(context, reason);
    return rethrowWithResponse(reason, context);
  }

  /**
   * Returns a part of an action that is run so that {@link current} tells in it which action it belongs to. Without the
   * option `context` that is the part itself.
   */
  entering<T>(run: (action: Action) => T): (action: Action) => T {
    const { running } = this;
    if (!running) return run;
    return (action) => {
      const context = contextOf(action);
      const runToBody = () =>
        chain(run(action), (result) => {
          running.bindStream(context, action.context?.body);
          return result;
        });
      return running.enter(context, runToBody) as T;
    };
  }

  /**
   * Returns the authentication of the request that is running.
   *
   * @throws As {@link authenticateRequest} does for a request that is not authenticated; {@link ConfigurationError} without
   * the option `context`, and outside a request.
   */
  current(): Authentication<User> {
    const { context, result } = parseRunning(this.running, 'current').current();
    if (!context || result.authentication) return result.authentication as Authentication<User>;
    const action = actionOf(context.request);
    return authenticationOrThrow(
      { authentication: undefined, error: this.exceptions.replace(result.error, action) },
      action,
    );
  }

  /** Runs a function as a user. @throws {@link ConfigurationError} without the option `context`. */
  runAs<T>(user: User, run: () => T): T {
    return parseRunning(this.running, 'runAs').runAs(user, run);
  }

  /** Returns the authentication of an action if it meets the requirement, or the error to answer with. */
  check(action: Action, requirement: Requirement, given?: ContextExtras): MaybePromise<AuthResult<User, AuthError>> {
    const result = this.authenticate(action);
    return isPromiseLike(result)
      ? result.then((one) => this.evaluate(one, requirement, action, given))
      : this.evaluate(result, requirement, action, given);
  }

  /** Returns the authentication if it meets the requirement; throws otherwise. */
  require(action: Action, requirement: Requirement, given?: ContextExtras): MaybePromise<Authentication<User>> {
    const result = this.check(action, requirement, given);
    return isPromiseLike(result)
      ? result.then((one) => authenticationOrThrow(one, action))
      : authenticationOrThrow(result, action);
  }

  /** Authenticates a request that did not come through a checker, as {@link require} does. */
  authenticateRequest(
    request: HttpRequest,
    roles: Role | readonly Role[],
    given?: ContextExtras,
  ): MaybePromise<Authentication<User>> {
    return this.require(actionOf(request), this.requirementFor(roles), given);
  }

  /** Returns whether a request meets roles. Nothing is published, and no exception of the application is created. */
  isAllowed(request: HttpRequest, roles: Role | readonly Role[], given?: ContextExtras): MaybePromise<boolean> {
    const requirement = this.requirementFor(roles);
    const action = actionOf(request);
    const isMet = ({ authentication }: AuthenticationResult<User>) =>
      authentication !== undefined &&
      chain(checkRequirement(authentication, requirement, action, this, given), (error) => error === undefined);
    return recovering(
      () => chain(this.authenticate(action), isMet),
      (reason) => rethrowWithResponse(reason, contextOf(action)),
    );
  }

  /**
   * Returns the user of a request, or null if it is not authenticated. A user must meet the requirement.
   *
   * @param strict - Whether only a missing token is null, and a bad one throws.
   */
  optionalUser(request: HttpRequest, roles: Role | readonly Role[], strict: boolean): MaybePromise<User | null> {
    const requirement = this.requirementFor(roles);
    const action = actionOf(request);
    return chain(this.authenticate(action), (result) => {
      if (result.error && !(strict && result.error.code !== 'token_missing')) return null;
      return chain(
        this.evaluate(result, requirement, action),
        (evaluated) => authenticationOrThrow(evaluated, action).user,
      );
    });
  }

  /** Has a 401 that leaves later, and parameters that load subjects, know what is known now about the token. */
  private remember(result: AuthenticationResult<User>, context: RequestContext): AuthenticationResult<User> {
    if (result.authentication) rememberPayload(context, result.authentication.payload);
    const challenge = result.error?.headers['WWW-Authenticate'];
    if (challenge) setChallenge(context, challenge);
    this.running?.remember(context, result);
    return result;
  }

  private evaluate(
    result: AuthenticationResult<User>,
    requirement: Requirement,
    action: Action,
    given?: ContextExtras,
  ): MaybePromise<AuthResult<User, AuthError>> {
    try {
      if (result.error) return this.deny(this.withScopes(result.error, requirement, action), action);
      const error = checkRequirement(result.authentication, requirement, action, this, given);
      if (!isPromiseLike(error)) return this.conclude(error, result, action);
      return error
        .then((one) => this.conclude(one, result, action))
        .catch((reason) => rethrowWithResponse(reason, contextOf(action)));
    } catch (reason) {
      return rethrowWithResponse(reason, contextOf(action));
    }
  }

  private conclude(
    error: LoginHttpError | undefined,
    result: AuthenticationResult<User>,
    action: Action,
  ): AuthResult<User, AuthError> {
    return error ? this.deny(error, action, result.authentication?.payload) : result;
  }

  private withScopes<E extends LoginHttpError>(error: E, { scopes }: Requirement, action: Action): LoginHttpError {
    const complete = this.exceptions.withScopes(error, scopes);
    const challenge = complete === error ? undefined : complete.headers['WWW-Authenticate'];
    if (challenge) setChallenge(contextOf(action), challenge);
    return complete;
  }

  /** Publishes the refusal, once for each request, and returns the error to throw. */
  private deny(error: LoginHttpError, action: Action, payload?: TokenPayload): AuthResult<User, AuthError> {
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
   * @throws {@link ConfigurationError} for what is no role.
   */
  requirementFor(roles: Role | readonly Role[]): Requirement {
    const current: readonly unknown[] = Array.isArray(roles) ? roles : [roles];
    const cached = this.requirements.get(roles as object);
    if (cached && hasSameItems(cached.roles, current)) return cached.requirement;
    const requirement = parseRequirement(current, this.declaredScopes);
    if (typeof roles !== 'string') this.requirements.set(roles as object, { roles: [...current], requirement });
    return requirement;
  }
}

function authenticationOrThrow<User>(
  { authentication, error }: AuthResult<User, AuthError>,
  action: Action,
): Authentication<User> {
  return authentication ?? throwAuthError(error, contextOf(action));
}

function parseRunning<User>(running: RunningRequests<User> | undefined, method: string): RunningRequests<User> {
  if (running) return running;
  throw new ConfigurationError(`${method}() requires the option context; set it to true`);
}

function hasSameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
