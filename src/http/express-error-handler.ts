import type { Server, ServerResponse } from 'node:http';
import { isRefusal, type Refusal } from '../errors/auth-error';
import { listeningApplication, serverOf } from './express-application';
import type { Exchange, ExpressApplication } from './request-context';
import { wasRefused } from './response-headers';

interface ExpressResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
}

/** The applications that have the handler, */
const watched = new WeakSet<ExpressApplication>();

/** and of each application that had a request, the server that sent it last: asked of that, nothing is left to do. */
const seen = new WeakMap<ExpressApplication, Server | undefined>();

/**
 * routing-controllers passes an error on after it has answered, and Express' final handler then destroys the
 * connection and prints the stack. So at the first refusal a last error handler is put behind all of the
 * application's own; those hear of the refusal as of any other error.
 */
export function keepFromFinalHandler(exchange: Exchange): void {
  const { application, message } = exchange;
  if (!application) return;
  const server = serverOf(message);
  if (seen.has(application) && seen.get(application) === server) return;
  seen.set(application, server);
  const listening = listeningApplication(exchange);
  if (!listening || watched.has(listening)) return;
  watched.add(listening);
  listening.use(lastResort);
}

/** Four parameters make it an error handler. */
function lastResort(
  error: unknown,
  _request: unknown,
  response: ExpressResponse,
  next: (error: unknown) => void,
): void {
  if (isRefusal(error) && !response.headersSent) answer(response, error);
  else if (!isOver(response, error)) next(error);
}

/** An error handler of the application that answered a second time has not harmed the first answer. */
function isOver(response: ServerResponse, error: unknown): boolean {
  if (!response.writableEnded) return false;
  return (
    isRefusal(error) || (wasRefused(response) && (error as NodeJS.ErrnoException)?.code === 'ERR_HTTP_HEADERS_SENT')
  );
}

function answer(response: ExpressResponse, refusal: Refusal): void {
  for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value);
  const { name, message, toJSON } = refusal as Refusal & { toJSON?: () => unknown };
  response.status(refusal.httpCode).json(toJSON ? refusal : { name, message });
}
