import type { Action } from 'routing-controllers';
import type { AuthError } from '../errors/auth-error';
import { contextOf } from '../http/request-context';
import { setAuthError } from '../http/response-headers';

/** Answers an action with an auth error: its status, its headers and a JSON body. */
export function sendAuthError(error: AuthError, action: Action): void {
  const { httpCode, headers = {} } = error;
  setAuthError(contextOf(action), error); // a refusal renews no cookie
  if (action.context) {
    Object.assign(action.context, { status: httpCode, body: toJsonBody(error) });
    action.context.set(headers);
    return;
  }
  const { response } = contextOf(action);
  if (!response || response.headersSent) return;
  response.statusCode = httpCode;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(toJsonBody(error)));
}

/** Returns the body that routing-controllers' JSON controllers send. */
function toJsonBody(error: AuthError): unknown {
  const { toJSON } = error as { toJSON?: unknown };
  if (typeof toJSON === 'function') return toJSON.call(error);
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  return { ...error, name, message: error.message };
}
