import type { Server, ServerResponse } from 'node:http';
import { type AuthError, isAuthError } from '../errors/auth-error';
import { isAnswered } from './answered-error';
import { serverApplication, serverOf } from './express-application';
import type { ExpressApplication, RequestContext } from './request-context';

interface ExpressResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
}

/** The applications that have the error handler. */
const installed = new WeakSet<ExpressApplication>();

/** The server that sent each application its last request; the next request of the same server needs no look at it. */
const lastServer = new WeakMap<ExpressApplication, Server | undefined>();

/**
 * Keeps errors that have been answered from Express' final handler. routing-controllers passes each error on after it
 * has answered it, and the final handler then destroys the connection and prints the stack. The handler is added at the
 * first such error, so that it comes after all error handlers of the application, which hear of the error as usual.
 */
export function installErrorHandler(context: RequestContext): void {
  const { application, message } = context;
  if (!application) return;
  const server = serverOf(message);
  if (lastServer.has(application) && lastServer.get(application) === server) return;
  lastServer.set(application, server);
  const listening = serverApplication(context);
  if (typeof listening?.use !== 'function' || installed.has(listening)) return;
  installed.add(listening);
  listening.use(errorHandler);
}

/** Express recognises an error handler by its four parameters. */
function errorHandler(
  error: unknown,
  request: { readonly app: ExpressApplication },
  response: ExpressResponse,
  next: (error: unknown) => void,
): void {
  if (isAnswered(response, error)) printUnexpected(error, request.app);
  else if (isAuthError(error) && !response.headersSent) answer(response, error);
  else next(error);
}

/** Prints a failure of the server as Express' final handler does; an error that is a client's is an answer. */
function printUnexpected(error: unknown, application: ExpressApplication): void {
  const { httpCode, stack, code } = (error ?? {}) as { httpCode?: unknown; stack?: unknown; code?: unknown };
  if (isAuthError(error) || code === 'ERR_HTTP_HEADERS_SENT') return;
  if (typeof httpCode === 'number' && httpCode < 500) return;
  if (application.get('env') !== 'test') console.error(stack ?? error);
}

function answer(response: ExpressResponse, error: AuthError): void {
  for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
  const { name, message, toJSON } = error as AuthError & { toJSON?: () => unknown };
  response.status(error.httpCode).json(toJSON ? error : { name, message });
}
