import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { LoginHttpError } from '../errors/login-http-error';
import { asRefusal, type Refusal } from '../errors/refusal';
import { isPromiseLike } from '../maybe-promise';
import type { ExceptionOption } from '../options/login-manager-options';

/**
 * What is thrown for one of the library's errors: that error, or what the application's option makes of it.
 *
 * @throws {@link ConfigurationError} where the option makes no Error; what the option throws itself is an error of the
 * application.
 */
export function exceptionFor<E extends LoginHttpError>(
  error: E,
  option: ExceptionOption<E> | undefined,
  action?: Action,
): Refusal {
  if (!option) return error;
  const { status } = error; // before it can be changed
  const exception = make(error, option, action);
  if (!(exception instanceof Error)) {
    if (isPromiseLike(exception)) exception.then(undefined, () => undefined); // its failure must not end the process
    throw new ConfigurationError(
      'notAuthenticatedException and outOfScopeException must be an Error class, or a function that returns an Error',
    );
  }
  return asRefusal(exception, status);
}

function make<E extends Error>(error: E, option: ExceptionOption<E>, action: Action | undefined): unknown {
  if (isErrorClass(option)) return new option(error.message, { cause: error });
  return (option as (error: E, action?: Action) => unknown)(error, action);
}

function isErrorClass<E>(option: unknown): option is new (message: string, options: { cause: E }) => Error {
  return option === Error || (option as { prototype?: unknown }).prototype instanceof Error;
}
