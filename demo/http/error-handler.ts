import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { NotFoundError } from 'routing-controllers';
import type { LoginManager } from 'routing-controllers-login';
import { errorPage } from '../pages/error-page';
import type { Visitor } from '../pages/layout';
import { isApi } from './is-api';

/** What errors of routing-controllers, the login library and body-parser may have. */
interface AnyError {
  readonly httpCode?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly message?: string;
  readonly toJSON?: () => object;
}

/** For what no route took; routing-controllers goes on to here after each answer, too. */
export const notFound: RequestHandler = (_request, response, next) => {
  if (!response.headersSent) next(new NotFoundError('There is nothing here'));
};

/** Answers every error: with a page for people, with JSON for programs. */
export function errorHandler(manager: LoginManager<Visitor>): ErrorRequestHandler {
  return async (error: AnyError | undefined, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (status >= 500) console.error(error);
    response.status(status).set(error?.headers ?? {});
    if (status < 400) return response.end();
    if (isApi(request)) return response.json(bodyOf(error, status));
    const visitor = await manager.optional(request).catch(() => null);
    return response.send(errorPage(status, error, visitor));
  };
}

function statusOf(error: AnyError | undefined): number {
  const status = error?.httpCode ?? error?.status ?? 500;
  return Number.isInteger(status) && status >= 300 && status <= 599 ? status : 500;
}

/** Only what was meant for the client: messages of other errors may quote the request, or tell of the inside. */
function bodyOf(error: AnyError | undefined, status: number): object {
  if (error?.toJSON) return error.toJSON();
  if (error?.httpCode && status < 500) return { name: error.name, message: error.message || STATUS_CODES[status] };
  return { name: 'Error', message: STATUS_CODES[status] };
}
