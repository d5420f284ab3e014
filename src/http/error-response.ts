import { toSendableError } from '../errors/application-error';
import { type AuthError, isAuthError } from '../errors/auth-error';
import { installErrorHandler } from './express-error-handler';
import type { RequestContext } from './request-context';
import { isCurrentError, setAuthError } from './response-headers';

/** Throws a refusal, and sees to it that it is answered well wherever it is caught. */
export function throwAuthError(error: AuthError, context: RequestContext): never {
  prepareErrorResponse(error, context);
  throw error;
}

/**
 * Throws what was caught. An auth error is answered with its headers. Anything else is what a function of the
 * application threw, and is thrown as an error that every framework answers: `next(undefined)` would let a request in.
 */
export function rethrowWithResponse(reason: unknown, context: RequestContext): never {
  throw isAuthError(reason) ? throwAuthError(reason, context) : toSendableError(reason);
}

/** Runs work of a request; an auth error that it throws is answered with its headers, wherever it is caught. */
export async function withErrorResponse<T>(context: RequestContext, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    rethrowWithResponse(error, context);
  }
}

/** Has the answer carry the refusal's headers, and the connection kept. Once is enough. */
export function prepareErrorResponse(error: AuthError, context: RequestContext): void {
  if (isCurrentError(context, error)) return;
  setAuthError(context, error);
  installErrorHandler(context);
}
