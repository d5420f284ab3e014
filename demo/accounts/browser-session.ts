import type { Response } from 'express';
import { grantScopes, type LoginManager } from 'routing-controllers-login';
import type { Account } from './account';

/** Logs a browser in, with all that the account may do; longer than a token for programs, which can ask for a new one. */
export function startSession(manager: LoginManager<Account>, response: Response, account: Account): void {
  const scopes = grantScopes([], account.scopes);
  const token = manager.createAccessToken({ data: { sub: account.id }, scopes, expires: '12h' });
  manager.setCookie(response, token);
}
