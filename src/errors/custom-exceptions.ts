import type { Action } from 'routing-controllers';
import { isError, isSendable, toSendableError } from './application-error';
import { type AuthError, toAuthError, withoutStackTrace } from './auth-error';
import { ConfigurationError } from './configuration-error';
import { InsufficientAuthenticationError } from './insufficient-authentication-error';
import { InsufficientScopeError } from './insufficient-scope-error';
import type { LoginHttpError } from './login-http-error';
import { type NotAuthenticatedCode, NotAuthenticatedError } from './not-authenticated-error';
import type { ChallengeParameters } from './www-authenticate';

/**
 * Returns the error to throw instead of one of the library's: that error, or the exception of the application's option.
 *
 * @throws {@link ConfigurationError} if the option gives no Error, or one that cannot be sent. An error that the option
 * itself throws is passed on; anything else it throws is wrapped in an Error.
 */
export function applyException<E extends LoginHttpError>(
  error: E,
  option: ExceptionOption<E> | undefined,
  action?: Action,
): AuthError {
  if (!option) return error;
  const { status } = error; // before it can be changed
  const exception = createException(error, option, action);
  if (!isError(exception)) {
    Promise.resolve(exception).catch(() => undefined); // a rejected promise must not end the process
    throw new ConfigurationError(
      'notAuthenticatedException and outOfScopeException must be an Error class, or a function that returns an Error',
      { section: 'exceptions' },
    );
  }
  const authError = toAuthError(exception, status);
  if (isSendable(authError)) return authError;
  throw new ConfigurationError('The exception cannot be written as JSON; give its class a toJSON() method', {
    cause: exception,
    section: 'exceptions',
  });
}

function createException<E extends Error>(error: E, option: ExceptionOption<E>, action: Action | undefined): unknown {
  try {
    if (isErrorClass(option)) return new option(error.message, { cause: error });
    return (option as (error: E, action?: Action) => unknown)(error, action);
  } catch (reason) {
    throw toSendableError(reason);
  }
}

function isErrorClass<E>(option: unknown): option is new (message: string, options: { cause: E }) => Error {
  return option === Error || (option as { prototype?: unknown }).prototype instanceof Error;
}

/**
 * An exception that replaces one of the library's errors: an `Error` class, constructed as `new C(message, { cause })`,
 * or a function of the library's error that returns an `Error`. `httpCode` and `headers` of that error are honoured.
 */
export type ExceptionOption<E extends Error> =
  | (new (
      message: string,
      options: { cause: E },
    ) => Error)
  | ((error: E, action?: Action) => Error);

/**
 * The exception of every 401. The error is an {@link InsufficientAuthenticationError} if the login is too old or too weak
 * for `stepUp`. The function is typed as a method, so that one that knows `NotAuthenticatedError` alone fits.
 */
export type NotAuthenticatedException =
  | (new (
      message: string,
      options: { cause: NotAuthenticatedError | InsufficientAuthenticationError },
    ) => Error)
  | { replace(error: NotAuthenticatedError | InsufficientAuthenticationError, action?: Action): Error }['replace'];

/** The options of a manager that decide about its errors. */
export interface ExceptionOptions {
  readonly realm: string;
  /** The URL of the resource's metadata, which every challenge names; undefined if there is none. */
  readonly resourceMetadata: string | undefined;
  readonly notAuthenticatedException: NotAuthenticatedException | undefined;
  readonly outOfScopeException: ExceptionOption<InsufficientScopeError> | undefined;
}

/** Creates a manager's errors, and replaces them by the application's own exceptions. */
export class CustomExceptions {
  /** The parameters of every Bearer challenge of the manager; frozen. */
  readonly challenge: ChallengeParameters;
  /** The parameters with the scopes of a route, by those. */
  private readonly challenges = new WeakMap<readonly string[], ChallengeParameters>();

  constructor(private readonly options: ExceptionOptions) {
    const { realm, resourceMetadata } = options;
    this.challenge = Object.freeze({
      realm,
      ...(resourceMetadata !== undefined && { resource_metadata: resourceMetadata }),
    });
  }

  /**
   * Returns the error with the scopes that its route needs in the challenge, for clients that ask an authorization server
   * for them. Without a resource the error is returned unchanged.
   *
   * @param scopes - The same frozen array for each request of a route.
   */
  withScopes<E extends LoginHttpError>(error: E, scopes: readonly string[]): E | NotAuthenticatedError {
    if (this.options.resourceMetadata === undefined || scopes.length === 0) return error;
    if (!(error instanceof NotAuthenticatedError)) return error;
    const { code, cause } = error;
    const challenge = this.challengeFor(scopes);
    return withoutStackTrace(() => new NotAuthenticatedError(undefined, { code, cause, challenge }));
  }

  private challengeFor(scopes: readonly string[]): ChallengeParameters {
    const cached = this.challenges.get(scopes);
    if (cached) return cached;
    const challenge = Object.freeze({ ...this.challenge, scope: scopes.join(' ') });
    this.challenges.set(scopes, challenge);
    return challenge;
  }

  /**
   * Creates an error of the library, without a stack.
   *
   * @param cause - The reason, for the developer.
   */
  notAuthenticated(code: NotAuthenticatedCode, cause?: string): NotAuthenticatedError {
    return withoutStackTrace(() => new NotAuthenticatedError(undefined, { code, cause, challenge: this.challenge }));
  }

  /**
   * Creates an error of the library, without a stack.
   *
   * @param required - What the login must be like.
   * @param cause - The reason, for the developer.
   */
  insufficientAuthentication(
    required: { readonly maxAge?: number; readonly acr?: readonly string[] },
    cause: string,
  ): InsufficientAuthenticationError {
    return withoutStackTrace(
      () => new InsufficientAuthenticationError({ ...required, cause, challenge: this.challenge }),
    );
  }

  /** Creates an error of the library, without a stack. */
  insufficientScope(scopes: readonly string[]): InsufficientScopeError {
    return withoutStackTrace(() => new InsufficientScopeError(scopes, { challenge: this.challenge }));
  }

  /** Returns the error to throw: the library's, or the exception of the application's option. */
  replace(error: LoginHttpError, action?: Action): AuthError {
    const { notAuthenticatedException, outOfScopeException } = this.options;
    if (error instanceof NotAuthenticatedError || error instanceof InsufficientAuthenticationError)
      return applyException(error, notAuthenticatedException, action);
    if (error instanceof InsufficientScopeError) return applyException(error, outOfScopeException, action);
    return error;
  }
}
