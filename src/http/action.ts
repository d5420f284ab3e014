import type { Action } from 'routing-controllers';
import { type HttpRequest, RequestContext } from './request-context';

/** The exchange that an action belongs to. */
export function contextOf(action: Action): RequestContext {
  return RequestContext.fromRequest(action.request, action.response);
}

/** An action as routing-controllers makes it, for a request that comes from elsewhere. */
export function actionOf(request: HttpRequest): Action {
  if (!('req' in request)) return { request, response: (request as { res?: unknown }).res };
  const context = (request as { ctx?: unknown }).ctx ?? request;
  const { request: koaRequest, response } = context as Action;
  return { request: koaRequest, response, context };
}
