import type { Request, Response } from 'express';
import { grantScopes, LoginManager, OAuth2Error, type TokenResponse } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { clearHint, hint, type Stay, stayOf } from './session-hint';

/** For how long the tabs of one browser share a renewal, in milliseconds. */
const shared = 10_000;

/** The sessions of browsers: two cookies for two tokens, and a third that tells of them. */
@Service()
export class BrowserSessions {
  private readonly renewals = new Map<string, Promise<TokenResponse>>();

  constructor(private readonly manager: LoginManager<Account>) {}

  /** Logs a browser in, with all that the account may do. */
  async start(response: Response, account: Account, stay: Stay): Promise<void> {
    const scopes = grantScopes([], account.scopes);
    this.keep(
      response,
      await this.manager.createTokenResponse({ data: { sub: account.id }, scopes, refresh: true }),
      stay,
    );
  }

  /** False where the session is over: the cookies go. */
  async renew(request: Request, response: Response): Promise<boolean> {
    try {
      this.keep(response, await this.renewed(request), stayOf(request) ?? 'while-open');
      return true;
    } catch (error) {
      if (!(error instanceof OAuth2Error)) throw error;
      this.forget(response);
      return false;
    }
  }

  /** On the server too: a copy of the cookies is worth nothing any more. */
  async end(request: Request, response: Response): Promise<void> {
    await this.manager.revoke(request);
    this.forget(response);
  }

  /** Of all browsers and programs that are logged in as this account. */
  async endAll({ id }: Account, response: Response): Promise<void> {
    await this.manager.revokeAll(id);
    this.forget(response);
  }

  /**
   * A refresh token works once, and a second use ends the session, as a thief's would. So the tabs that a browser opens at
   * once, with the same cookies, get the same answer; and so does who lost the first answer on the way.
   */
  private renewed(request: Request): Promise<TokenResponse> {
    const cookies = request.headers.cookie ?? '';
    const known = this.renewals.get(cookies);
    if (known) return known;
    const renewal = this.manager.refresh(request);
    const forget = () => this.renewals.delete(cookies);
    this.renewals.set(cookies, renewal);
    renewal.then(() => setTimeout(forget, shared).unref(), forget);
    return renewal;
  }

  private keep(response: Response, tokens: TokenResponse, stay: Stay): void {
    this.manager.setCookie(response, tokens, { session: stay === 'while-open' });
    hint(response, stay);
  }

  private forget(response: Response): void {
    this.manager.clearCookie(response);
    clearHint(response);
  }
}
