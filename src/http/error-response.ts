import { toSendableError, toWritable } from '../errors/application-error';
import { type AuthError, isAuthError } from '../errors/auth-error';
import { trackAnswer } from './answered-error';
import { installErrorHandler } from './express-error-handler';
import type { RequestContext } from './request-context';
import { isCurrentError, setAuthError } from './response-headers';

/** Throws an auth error that is answered with its headers, whoever catches it. */
export function throwAuthError(error: AuthError, context: RequestContext): never {
  prepareErrorResponse(error, context);
  throw error;
}

/**
 * Throws what was caught. An auth error is answered with its headers. Anything else is what a function of the
 * application threw, and is thrown as an error that every framework answers: `next(undefined)` would let a request in.
 */
export function rethrowWithResponse(reason: unknown, context: RequestContext): never {
  if (isAuthError(reason)) throwAuthError(reason, context);
  const error = toSendableError(reason);
  throw context.isKoa ? toWritable(error) : error;
}

/** Runs work for a request. An auth error that it throws is answered with its headers, whoever catches it. */
export async function withErrorResponse<T>(context: RequestContext, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    rethrowWithResponse(error, context);
  }
}

/** Adds the headers of an auth error to its response, and keeps the connection open. Repeated calls change nothing. */
export function prepareErrorResponse(error: AuthError, context: RequestContext): void {
  if (isCurrentError(context, error)) return;
  setAuthError(context, error);
  keepConnection(context);
}

/** Keeps the connection open after an error that routing-controllers answers and then passes on. */
export function keepConnection(context: RequestContext): void {
  trackAnswer(context);
  installErrorHandler(context);
}
