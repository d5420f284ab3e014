import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { NotFoundError } from 'routing-controllers';
import type { LoginManager } from 'routing-controllers-login';
import { errorPage } from '../pages/error-page';
import type { Visitor } from '../pages/layout';
import { isApi } from './is-api';

/** Properties of the errors of routing-controllers, the login library and body-parser. */
interface AnyError {
  readonly httpCode?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly message?: string;
  readonly toJSON?: () => object;
}

/** Answers requests that match no route. routing-controllers calls it after each of its responses, too. */
export const notFound: RequestHandler = (_request, response, next) => {
  if (!response.headersSent) next(new NotFoundError('There is nothing here'));
};

/** Answers errors: with JSON for programs, with a page for people. */
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

/** Messages of errors that are not meant for the client are left out: they may quote the request or reveal internals. */
function bodyOf(error: AnyError | undefined, status: number): object {
  if (error?.toJSON) return error.toJSON();
  if (error?.httpCode && status < 500) return { name: error.name, message: error.message || STATUS_CODES[status] };
  return { name: 'Error', message: STATUS_CODES[status] };
}
