import type { ServerResponse } from 'node:http';
import { isAuthError } from '../errors/auth-error';
import { ContextKey, RequestContext } from './request-context';

/** Whether the answer of a request that ends with an error has been handed to its response. */
interface ErrorAnswer {
  isEnded: boolean;
}

const errorAnswer = new ContextKey<ErrorAnswer>();

/**
 * Records when an error has been answered. The answer counts as given as soon as `end()` is called: sessions with a
 * store and compression finish the response later, so `writableEnded` is still false when the error is passed on.
 */
export function trackAnswer(context: RequestContext): void {
  const { response } = context;
  if (errorAnswer.get(context) || typeof response?.end !== 'function') return;
  const answer = { isEnded: response.writableEnded };
  errorAnswer.set(context, answer);
  recordEnd(response, answer);
}

function recordEnd(response: ServerResponse, answer: ErrorAnswer): void {
  const { end } = response;
  response.end = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    answer.isEnded = true;
    return end.apply(this, args as Parameters<typeof end>);
  } as typeof end;
}

/**
 * Returns whether an error needs no answer, because the request has got one. An error middleware of the application
 * that fails afterwards, or answers a second time, does no harm to that.
 */
export function isAnswered(response: ServerResponse, error: unknown): boolean {
  const context = RequestContext.existing(response);
  const answer = context && errorAnswer.get(context);
  if (answer) return answer.isEnded;
  return isAuthError(error) && response.writableEnded;
}
