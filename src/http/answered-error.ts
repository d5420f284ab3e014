import type { ServerResponse } from 'node:http';
import { isAuthError } from '../errors/auth-error';
import { ContextKey } from './context-key';
import { RequestContext } from './request-context';

/** The error that a request ends with, and whether its answer has been handed to the response. */
interface AnsweredError {
  error: unknown;
  isEnded: boolean;
}

const answeredError = new ContextKey<AnsweredError>();

/**
 * Records that this error is being answered. The answer counts as given as soon as `end()` is called: sessions with a
 * store and compression finish the response later, so `writableEnded` is still false when the error is passed on.
 */
export function trackAnswer(context: RequestContext, error: unknown): void {
  const { response } = context;
  const tracked = answeredError.get(context);
  if (tracked) tracked.error = error;
  else if (typeof response?.end === 'function' && Object.isExtensible(response)) {
    const answer = { error, isEnded: response.writableEnded };
    answeredError.set(context, answer);
    recordEnd(response, answer);
  }
}

function recordEnd(response: ServerResponse, answer: AnsweredError): void {
  const { end } = response;
  response.end = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    answer.isEnded = true;
    return end.apply(this, args as Parameters<typeof end>);
  } as typeof end;
}

/** Returns whether the error needs no further answer, because its own or an earlier one has been given. */
export function isAnswered(response: ServerResponse, error: unknown): boolean {
  const context = RequestContext.existing(response);
  const answer = context && answeredError.get(context);
  if (!response.writableEnded && !answer?.isEnded) return false;
  if (isAuthError(error) || answer?.error === error) return true;
  // An error middleware of the application that answers a second time does no harm to the first answer.
  return answer !== undefined && (error as NodeJS.ErrnoException)?.code === 'ERR_HTTP_HEADERS_SENT';
}
