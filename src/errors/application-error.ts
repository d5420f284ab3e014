import { inspect, types } from 'node:util';
import { validateHeader } from './auth-error';

const message = 'The application threw something that is not an Error';

/**
 * Whatever an application's function threw or rejected with, as an error that can be passed on: the reason itself
 * where it is an error, of another realm too, and otherwise an error with the reason as its `cause`. `next(undefined)`
 * and `next('route')` would let a request in.
 */
export function toError(reason: unknown): Error {
  return isError(reason) ? reason : new Error(message, { cause: reason });
}

/**
 * Calls a function that an option of the application is.
 *
 * @param option - Its name, for the message.
 * @throws The error that the function throws; anything else that it throws is the `cause` of one.
 */
export function callOption<T>(option: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw isError(cause) ? cause : new Error(`${option} threw something that is not an Error`, { cause });
  }
}

/** Whether this is an Error, of another realm too. Never throws, as `instanceof` does for a revoked proxy. */
export function isError(reason: unknown): reason is Error {
  if (types.isNativeError(reason)) return true;
  try {
    return reason instanceof Error;
  } catch {
    return false;
  }
}

/** What Express takes for "skip the rest", not for an error. */
const SKIPS: readonly unknown[] = ['route', 'router'];

const unsendableMessage = 'The application threw an error that cannot be sent';

/**
 * Returns an error that every framework answers. An error that cannot be sent, because it is circular for instance, is
 * replaced by one with the reason as its `cause`: while routing-controllers writes the answer, nothing catches a throw.
 * A cause that cannot be printed is left out, because a logger would fail on it.
 *
 * @param reason - What a function of the application threw, or rejected with.
 */
export function toSendableError(reason: unknown): Error {
  const error = toError(reason);
  if (isSendable(error) && (error === reason || isPrintable(error))) return error;
  const replacement = new Error(unsendableMessage, { cause: reason });
  return isPrintable(replacement) ? replacement : new Error(unsendableMessage);
}

/**
 * Koa sets the status of an error that it answers. One whose status cannot be set, because it is frozen for instance, is
 * replaced by one that inherits from it.
 */
export function toWritable<T>(reason: T): T {
  if (!types.isNativeError(reason) || (Object.isExtensible(reason) && hasWritableStatus(reason))) return reason;
  const writable = (value: unknown) => ({ value, writable: true, configurable: true });
  return Object.create(reason, {
    status: writable(statusOf(reason)),
    headerSent: writable(undefined),
    cause: writable(reason),
  });
}

function statusOf(error: object): unknown {
  try {
    return (error as { status?: unknown }).status;
  } catch {
    return undefined;
  }
}

function hasWritableStatus(error: object): boolean {
  for (let owner: object | null = error; owner; owner = Object.getPrototypeOf(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, 'status');
    if (descriptor) return descriptor.writable ?? descriptor.set !== undefined;
  }
  return true;
}

/** Express and other loggers print what they are passed. */
function isPrintable(reason: unknown, print: (reason: unknown) => string = inspect): boolean {
  try {
    print(reason);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns what a handler or a middleware threw, as it is if a server can answer it; otherwise an error with the reason
 * as its `cause`.
 *
 * @param isSent - Whether routing-controllers' default error handler sends the error.
 */
export function toAnswerableReason(reason: unknown, isSent: boolean): unknown {
  if (!reason || SKIPS.includes(reason)) return toError(reason);
  if (!isSent) return isReadable(reason) ? reason : toSendableError(reason);
  if (typeof reason === 'string') return reason;
  const isPrinted = types.isNativeError(reason) || (isPrintable(reason) && isPrintable(reason, String));
  return isPrinted && isSendable(reason) ? reason : toSendableError(reason);
}

/** A proxy may throw for everything that is read of it. */
function isReadable(reason: unknown): boolean {
  try {
    const { httpCode: _, status: __ } = reason as { httpCode?: unknown; status?: unknown };
    return true;
  } catch {
    return false;
  }
}

/** Returns whether an error can be read, written as JSON and answered with its own status and headers. */
export function isSendable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  try {
    const { name, message: text, stack, httpCode, status, statusCode, headers } = error as Record<string, unknown>;
    if ([name, text, stack].some((one) => one !== undefined && typeof one !== 'string')) return false;
    if (httpCode && !isFinalStatus(httpCode)) return false;
    if ([status, statusCode].some(isInformational)) return false;
    for (const [header, value] of Object.entries(headers ?? {})) validateHeader(header, value as string);
    return isJson(error);
  } catch {
    return false;
  }
}

function isJson(error: object): boolean {
  const { toJSON } = error as { toJSON?: unknown };
  const body: unknown = typeof toJSON === 'function' ? toJSON.call(error) : { ...error };
  if (types.isPromise(body)) {
    body.catch(() => undefined); // a rejection would end the process
    return false;
  }
  JSON.stringify(body);
  return true;
}

/** Express and Node refuse to write any other status. */
function isFinalStatus(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;
}

/** A client waits for the answer that follows a 1xx (RFC 9110 §15.2). */
function isInformational(value: unknown): boolean {
  return typeof value === 'number' && value >= 100 && value < 200;
}
