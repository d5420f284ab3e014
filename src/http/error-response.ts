import { isRefusal, type Refusal } from '../errors/auth-error';
import { keepFromFinalHandler } from './express-error-handler';
import type { Exchange } from './request-context';
import { isNoted, noteRefusal } from './response-headers';

/** Throws a refusal, and sees to it that it is answered well wherever it is caught. */
export function raise(refusal: Refusal, exchange: Exchange): never {
  prepareAnswer(refusal, exchange);
  throw refusal;
}

/** Throws what was caught: a refusal so that it is answered well, any other error as it is. */
export function rethrow(error: unknown, exchange: Exchange): never {
  throw isRefusal(error) ? raise(error, exchange) : error;
}

/** Has the answer carry the refusal's headers, and the connection kept. Once is enough. */
export function prepareAnswer(refusal: Refusal, exchange: Exchange): void {
  if (isNoted(exchange, refusal)) return;
  noteRefusal(exchange, refusal);
  keepFromFinalHandler(exchange);
}
