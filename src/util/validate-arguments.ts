import { ConfigurationError } from '../errors/configuration-error';
import { isPromiseLike } from './maybe-promise';

/** Returns its argument. @throws {@link ConfigurationError} for anything but a request of Node, Express or Koa. */
export function checkRequest<T>(value: T, method: string): T {
  if (isObject(value) && (isObject(value.headers) || isObject(value.req))) return value;
  const hint = isObject(value) && isObject(value.request) ? ', not an action; pass action.request' : hintFor(value);
  throw invalidArgument(`${method}() requires a request${hint}`);
}

/** Returns its argument. @throws {@link ConfigurationError} for what is no object, and for a promise. */
export function checkResponse<T>(value: T, method: string): T {
  if (isObject(value) && !isPromiseLike(value)) return value;
  throw invalidArgument(`${method}() requires a response${hintFor(value)}`);
}

/**
 * Returns its argument. Other values that are not strings may come from a client, and are refused as invalid tokens.
 *
 * @throws {@link ConfigurationError} for undefined, null and a promise.
 */
export function checkToken<T>(value: T, method: string): T {
  if (value !== undefined && value !== null && !isPromiseLike(value)) return value;
  throw invalidArgument(`${method}() requires a token, which is a string${hintFor(value)}`);
}

/** Returns its argument. @throws {@link ConfigurationError} for anything but a string, or an object with an `access_token`. */
export function checkTokenOrResponse<T>(value: T, method: string): T {
  if (typeof value === 'string' || (isObject(value) && typeof value.access_token === 'string')) return value;
  throw invalidArgument(`${method}() requires a token or a token response${hintFor(value)}`);
}

/** Returns its argument. @throws {@link ConfigurationError} for anything but a string or a request. */
export function checkTokenOrRequest<T>(value: T, method: string): T {
  return typeof value === 'string' ? value : checkRequest(value, method);
}

/** @throws {@link ConfigurationError} for anything but an object and undefined. */
export function assertContext(value: unknown, method: string): void {
  if (value === undefined || (isObject(value) && !isPromiseLike(value) && !Array.isArray(value))) return;
  throw invalidArgument(`${method}() takes the extras of its policies as an object, such as { note }${hintFor(value)}`);
}

/** @throws {@link ConfigurationError} for nobody, and for anything but a function. */
export function assertRunAs(user: unknown, run: unknown): void {
  if (!user || isPromiseLike(user)) throw invalidArgument(`runAs() requires a user${hintFor(user)}`);
  if (typeof run !== 'function')
    throw invalidArgument(`runAs() requires a function; write runAs(user, () => …)${hintFor(run)}`);
}

/** Returns its argument. @throws {@link ConfigurationError} for anything but undefined and an array of strings. */
export function checkScopes<T>(value: T, method: string): T {
  if (value === undefined) return value;
  if (Array.isArray(value) && Array.from(value).every((scope) => typeof scope === 'string')) return value;
  throw invalidArgument(`scopes of ${method}() must be an array of strings${hintFor(value)}`);
}

/** @throws {@link ConfigurationError} for anything but a manager. */
export function assertManager(value: unknown, method: string): void {
  if (isObject(value) && isObject(value.security)) return;
  throw invalidArgument(`${method}() requires a LoginManager${hintFor(value)}; check for a circular import`);
}

/** Returns the error of an argument that a function cannot be called with. */
export function invalidArgument(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'arguments' });
}

/** Names the mistake without the value, which may be a secret. */
function hintFor(value: unknown): string {
  if (value === undefined || value === null) return `, not ${value}`;
  if (isPromiseLike(value)) return ', not a promise; await it first';
  return `, not ${Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
