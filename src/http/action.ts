import type { Action } from 'routing-controllers';
import { type HttpRequest, RequestContext } from './request-context';

/** Returns the context of the request that an action belongs to. */
export function contextOf(action: Action): RequestContext {
  return RequestContext.fromRequest(action.request, action.response);
}

/** Creates an action as routing-controllers does, for a request that routing-controllers does not serve. */
export function actionOf(request: HttpRequest): Action {
  if (!('req' in request)) return { request, response: (request as { res?: unknown }).res };
  const context = (request as { ctx?: unknown }).ctx ?? request;
  const { request: koaRequest, response } = context as Action;
  return { request: koaRequest, response, context };
}
