import { types } from 'node:util';

const message = 'The application threw something that is not an Error';

/**
 * Whatever an application's function threw or rejected with, as an error that can be passed on: the reason itself
 * where it is an error, of another realm too, and otherwise an error with the reason as its `cause`. `next(undefined)`
 * and `next('route')` would let a request in.
 */
export function toError(reason: unknown): Error {
  return isError(reason) ? reason : new Error(message, { cause: reason });
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
