import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpError } from 'routing-controllers';
import { ConfigurationError } from './configuration-error';

/** What the library adds to an error that refuses a request, whether it is its own or the application's. */
export interface AuthError extends Error {
  /** The status routing-controllers answers with. */
  httpCode: number;
  /** The same, under the name that Express and Koa read. */
  status: number;
  /** Response headers that leave with that status. */
  headers?: Readonly<Record<string, string>>;
}

/** Marks the errors of the library, which all are refusals, on the prototypes of their classes. */
const AUTH_ERROR = Symbol('error');

/** Those of the application that were raised as refusals. */
const authErrors = new WeakSet<object>();

/** Those whose status is not their own: the next time another may be meant. */
const statusDefaulted = new WeakSet<object>();

/**
 * Completes an error so that routing-controllers, Express and Koa answer it with its status. What the error says of
 * itself holds. The trace is dropped because routing-controllers' text controllers send it in development.
 *
 * @throws {@link ConfigurationError} for headers that no response can have.
 */
export function toAuthError(error: Error, defaultStatus: number): AuthError {
  checkHeaders((error as Partial<AuthError>).headers);
  const authError = Object.isExtensible(error) ? (error as AuthError) : (Object.create(error) as AuthError);
  const given = statusDefaulted.has(authError) ? undefined : [authError.httpCode, authError.status].find(isStatus);
  if (given === undefined) statusDefaulted.add(authError);
  const status = given ?? defaultStatus;
  hide(authError, 'httpCode', status);
  hide(authError, 'status', status);
  hide(authError, 'expose', status < 500);
  hide(authError, 'stack', '');
  authErrors.add(authError);
  return authError;
}

/**
 * Makes the errors of a class refusals from the start. It is said once of all of them, because there may be many: on an
 * error that has been given a prototype, each property that is added costs more than the error itself.
 *
 * @param prototype - Of a class of routing-controllers' HTTP errors.
 */
export function markAuthErrorClass(prototype: HttpError): void {
  Object.defineProperties(prototype, {
    [AUTH_ERROR]: { value: true },
    status: derived('status', (httpCode) => httpCode),
    expose: derived('expose', (httpCode) => httpCode < 500),
  });
}

/** Can be overwritten, as a property of the error itself could be. */
function derived(name: string, derive: (httpCode: number) => unknown): PropertyDescriptor {
  return {
    get(this: HttpError) {
      return derive(this.httpCode);
    },
    set(this: HttpError, value: unknown) {
      hide(this, name, value);
    },
    configurable: true,
  };
}

/** @throws {@link ConfigurationError} for headers that no response can have. */
export function checkHeaders(headers: AuthError['headers'] = {}): void {
  try {
    if (typeof headers !== 'object' || Symbol.iterator in headers) throw new TypeError('not an object of headers');
    for (const [name, value] of Object.entries(headers)) validateHeader(name, value);
  } catch (cause) {
    throw new ConfigurationError('The headers of an exception must be an object of header names and their text', {
      cause,
    });
  }
}

/** @throws `TypeError` for a header that Node refuses to send. */
export function validateHeader(name: string, value: string): void {
  validateHeaderName(name);
  validateHeaderValue(name, value);
}

/** Whether this error was raised to refuse a request, and can be answered as such. */
export function isAuthError(error: unknown): error is AuthError {
  return typeof error === 'object' && error !== null && (AUTH_ERROR in error || authErrors.has(error));
}

/** Makes an error without looking at the stack, which nobody will see. */
export function withoutStackTrace<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;
}

function hide(error: object, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true, enumerable: false });
}
