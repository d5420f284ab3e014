import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isRefusal, type Refusal } from '../errors/refusal';
import type { Exchange } from '../http/exchange';
import { wasRefused } from './response-headers';

interface ExpressApp {
  readonly parent?: ExpressApp;
  use(handler: unknown): unknown;
}

interface ExpressResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
}

const watched = new WeakSet<ExpressApp>();

/**
 * routing-controllers passes an error on after it has answered, and Express' final handler then destroys the
 * connection and prints the stack. So at the first refusal a last error handler is put behind all of the
 * application's own; those hear of the refusal as of any other error.
 */
export function keepFromFinalHandler({ message }: Exchange): void {
  const app = outermostApp(message);
  if (!app || watched.has(app)) return;
  watched.add(app);
  app.use(lastResort);
}

/** The application that the server calls; one that is mounted in a router knows no parent. */
function outermostApp(message: IncomingMessage): ExpressApp | undefined {
  const { server } = message.socket as { server?: Server };
  const listeners: unknown[] = server?.listeners('request') ?? [];
  const listening = listeners.find(isApp);
  if (listening) return listening;
  let app = (message as { app?: ExpressApp }).app;
  while (app?.parent) app = app.parent;
  return app;
}

function isApp(listener: unknown): listener is ExpressApp {
  return typeof (listener as Partial<ExpressApp>).use === 'function';
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
  response.status(refusal.status).json(toJSON ? refusal : { name, message });
}
