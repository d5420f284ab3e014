import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpError } from 'routing-controllers';
import { ConfigurationError } from './configuration-error';

/** An error that denies a request and can be answered: one of the library's, or the application's own exception. */
export interface AuthError extends Error {
  /** The status routing-controllers answers with. */
  httpCode: number;
  /** The same status, under the name that Express and Koa read. */
  status: number;
  /** Response headers that leave with that status. */
  headers?: Readonly<Record<string, string>>;
}

/** Marks the prototypes of the library's HTTP errors. */
const AUTH_ERROR = Symbol('error');

/** Errors of the application that were completed by {@link toAuthError}. */
const authErrors = new WeakSet<object>();

/** Errors that have no status of their own, and may get another default the next time. */
const statusDefaulted = new WeakSet<object>();

/**
 * Completes an error so that routing-controllers, Express and Koa answer it with its status. The error's own
 * `httpCode`, or else its `status`, wins over the default. Its stack is dropped because routing-controllers' text
 * controllers send it in development, and its cause is hidden because its JSON body would have it.
 *
 * @throws {@link ConfigurationError} for headers that no response can have.
 */
export function toAuthError(error: Error, defaultStatus: number): AuthError {
  checkHeaders(classProperty(error, 'headers'));
  const authError = Object.isExtensible(error) ? (error as AuthError) : (Object.create(error) as AuthError);
  const given = statusDefaulted.has(authError)
    ? undefined
    : ['httpCode', 'status'].map((name) => classProperty(error, name)).find(isStatus);
  if (given === undefined) statusDefaulted.add(authError);
  const status = given ?? defaultStatus;
  hide(authError, 'httpCode', status);
  hide(authError, 'status', status);
  hide(authError, 'expose', status < 500);
  hide(authError, 'stack', '');
  if (Object.hasOwn(error, 'cause')) hide(authError, 'cause', error.cause);
  authErrors.add(authError);
  return authError;
}

/**
 * Marks a whole error class on its prototype, because setting properties on each instance costs more than creating it.
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

/** Returns an accessor that an assignment replaces by a property of the error itself. */
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
export function checkHeaders(headers: unknown = {}): void {
  try {
    if (typeof headers !== 'object' || headers === null || Symbol.iterator in headers)
      throw new TypeError('not an object of headers');
    for (const [name, value] of Object.entries(headers)) validateHeader(name, value);
  } catch (cause) {
    throw new ConfigurationError('The headers of an exception must be an object of header names and string values', {
      cause,
      section: 'exceptions',
    });
  }
}

/** @throws `TypeError` for a header that Node refuses to send. */
export function validateHeader(name: string, value: string): void {
  validateHeaderName(name);
  validateHeaderValue(name, value);
}

/** Whether this error denies a request and can be answered with its own status and headers. */
export function isAuthError(error: unknown): error is AuthError {
  if (typeof error !== 'object' || error === null) return false;
  try {
    return AUTH_ERROR in error || authErrors.has(error);
  } catch {
    return false; // a proxy may throw for everything
  }
}

/** Creates an error without capturing a stack, which is most of what an error costs. */
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

/** Returns an object's own property, so that nothing on `Object.prototype` passes for an option. */
export function ownProperty<T extends object, K extends keyof T>(object: T, name: K): T[K] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns a property of an object or its class, but nothing of `Object.prototype`. */
export function classProperty(object: object, name: string): unknown {
  for (let owner: object | null = object; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, name)) return (object as Record<string, unknown>)[name];
  }
  return undefined;
}
