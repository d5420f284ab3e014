import type { Request, RequestHandler } from 'express';
import { HttpError } from 'routing-controllers';
import type { LoginManager } from 'routing-controllers-login';
import type { Account } from '../accounts/account';
import { stayOf } from './session-hint';

/** Below the path of the refresh cookie, which therefore goes there. */
export const renewalPath = '/token/renew';

/** Sends to the renewal and back. 307 keeps method and body: what was written in a form is not lost. */
export function toRenewal(request: Request): HttpError {
  return Object.assign(new HttpError(307, 'The session has to be renewed first'), {
    headers: { Location: renewalOf(request) },
  });
}

/** For pages that are open to everybody, but look different to who is logged in. */
export function renewFirst(manager: LoginManager<Account>): RequestHandler {
  return async (request, response, next) => {
    if (!stayOf(request) || (await manager.optional(request))) return next();
    response.redirect(307, renewalOf(request));
  };
}

function renewalOf({ originalUrl }: Request): string {
  return `${renewalPath}?${new URLSearchParams({ next: originalUrl })}`;
}
