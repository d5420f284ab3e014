import type { Server, ServerResponse } from 'node:http';
import { type AuthError, isAuthError } from '../errors/auth-error';
import { serverApplication, serverOf } from './express-application';
import type { ExpressApplication, RequestContext } from './request-context';
import { wasDenied } from './response-headers';

interface ExpressResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
}

/** The applications that have the handler, */
const installed = new WeakSet<ExpressApplication>();

/** and of each application that had a request, the server that sent it last: asked of that, nothing is left to do. */
const lastServer = new WeakMap<ExpressApplication, Server | undefined>();

/**
 * routing-controllers passes an error on after it has answered, and Express' final handler then destroys the
 * connection and prints the stack. So at the first refusal a last error handler is put behind all of the
 * application's own; those hear of the refusal as of any other error.
 */
export function installErrorHandler(context: RequestContext): void {
  const { application, message } = context;
  if (!application) return;
  const server = serverOf(message);
  if (lastServer.has(application) && lastServer.get(application) === server) return;
  lastServer.set(application, server);
  const listening = serverApplication(context);
  if (!listening || installed.has(listening)) return;
  installed.add(listening);
  listening.use(errorHandler);
}

/** Four parameters make it an error handler. */
function errorHandler(
  error: unknown,
  _request: unknown,
  response: ExpressResponse,
  next: (error: unknown) => void,
): void {
  if (isAuthError(error) && !response.headersSent) answer(response, error);
  else if (!isAnswered(response, error)) next(error);
}

/** An error handler of the application that answered a second time has not harmed the first answer. */
function isAnswered(response: ServerResponse, error: unknown): boolean {
  if (!response.writableEnded) return false;
  return (
    isAuthError(error) || (wasDenied(response) && (error as NodeJS.ErrnoException)?.code === 'ERR_HTTP_HEADERS_SENT')
  );
}

function answer(response: ExpressResponse, error: AuthError): void {
  for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
  const { name, message, toJSON } = error as AuthError & { toJSON?: () => unknown };
  response.status(error.httpCode).json(toJSON ? error : { name, message });
}
