import type { Action } from 'routing-controllers';
import { type AuthError, toAuthError } from './auth-error';
import { ConfigurationError } from './configuration-error';
import { InsufficientScopeError } from './insufficient-scope-error';
import type { LoginHttpError } from './login-http-error';
import { NotAuthenticatedError } from './not-authenticated-error';
import { isSendable, toSendableError } from './sendable-error';

/**
 * Returns what is thrown for one of the library's errors: that error, or what the application's option makes of it.
 *
 * @throws {@link ConfigurationError} if the option returns no `Error`, or one that cannot be sent. What the option
 * throws itself is an error of the application.
 */
export function applyException<E extends LoginHttpError>(
  error: E,
  option: ExceptionOption<E> | undefined,
  action?: Action,
): AuthError {
  if (!option) return error;
  const { status } = error; // before it can be changed
  const exception = createException(error, option, action);
  if (!(exception instanceof Error)) {
    Promise.resolve(exception).catch(() => undefined); // a rejected promise must not end the process
    throw new ConfigurationError(
      'notAuthenticatedException and outOfScopeException must be an Error class, or a function that returns an Error',
    );
  }
  const authError = toAuthError(exception, status);
  if (isSendable(authError)) return authError;
  throw new ConfigurationError('The exception cannot be written as JSON; give its class a toJSON() method', {
    cause: exception,
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
 * What is thrown instead of one of the library's errors: an `Error` class, constructed as `new C(message, { cause })`,
 * or a function of the library's error that returns an `Error`. `httpCode` and `headers` of that error are honoured.
 */
export type ExceptionOption<E extends Error> =
  | (new (
      message: string,
      options: { cause: E },
    ) => Error)
  | ((error: E, action?: Action) => Error);

/** The application's own exceptions, if it has any. */
export interface ExceptionOptions {
  readonly notAuthenticatedException: ExceptionOption<NotAuthenticatedError> | undefined;
  readonly outOfScopeException: ExceptionOption<InsufficientScopeError> | undefined;
}

/** Replaces the library's errors by the application's own exceptions. */
export class CustomExceptions {
  constructor(private readonly options: ExceptionOptions) {}

  /** The error to throw: the library's, or what the application's option makes of it. */
  replace(error: LoginHttpError, action?: Action): AuthError {
    const { notAuthenticatedException, outOfScopeException } = this.options;
    if (error instanceof NotAuthenticatedError) return applyException(error, notAuthenticatedException, action);
    if (error instanceof InsufficientScopeError) return applyException(error, outOfScopeException, action);
    return error;
  }
}
