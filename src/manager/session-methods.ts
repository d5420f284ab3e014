import type { Action } from 'routing-controllers';
import { type CookieOptions } from '../http/cookies/token-cookie';
import { contextOf, type HttpRequest, type HttpResponse } from '../http/request-context';
import type { TokenData } from '../jwt/token-signer';
import type { OneTimeTokenRequest, RedeemedToken } from '../sessions/one-time-tokens';
import type { RefreshRequest } from '../sessions/refresh-rotation';
import type { SessionInfo } from '../sessions/session-service';
import type { TokenRequest, TokenResponse, TokenResponseRequest } from '../sessions/token-issuer';
import { parseBoolean, parseCallOptions } from '../util/validate';
import {
  checkRequest,
  checkResponse,
  checkScopes,
  checkTokenOrRequest,
  checkTokenOrResponse,
} from '../util/validate-arguments';

import { ManagerCore } from './manager-core';

/** The methods of a manager that start, extend and end logins. */
export abstract class SessionMethods<User> extends ManagerCore<User> {
  /**
   * Creates a signed access token.
   *
   * @throws {@link ConfigurationError} for data, a lifetime or scopes that are not allowed in a token, for a scope that
   * the option `scopes` does not declare, and for an unknown property such as `expiresIn`.
   * @example
   * ```ts
   * lm.createAccessToken({ data: { sub: account.email }, expires: '1h', scopes: ['notes:read'] });
   * ```
   */
  createAccessToken(request: TokenRequest): string {
    return this.services.logins.accessToken(this.services.parseTokenRequest(request, 'createAccessToken'));
  }

  /**
   * Begins a session and creates the body of a login route's response (RFC 6749 §5.1), with a signed access token.
   *
   * @throws {@link ConfigurationError} for data, a lifetime or scopes that are not allowed in a token, for a scope that
   * the option `scopes` does not declare, for an unknown property, and for `refresh: true` without a session store;
   * `InvalidGrantError` if all logins of the user were revoked while this one was in progress;
   * `ServiceUnavailableError` if a refresh token is requested and the store cannot be reached.
   * @example
   * ```ts
   * return lm.createTokenResponse({ data: { sub: account.email }, scopes, refresh: true });
   * ```
   */
  async createTokenResponse(request: TokenResponseRequest): Promise<TokenResponse> {
    return this.services.logins.tokenResponse(this.services.parseTokenRequest(request, 'createTokenResponse'));
  }

  /**
   * Sets the manager's cookie to a token, for the lifetime of the token. The refresh token of a token response goes
   * into a separate cookie, `<cookieName>-refresh`, which browsers send only to `refreshUrl`; without one, the refresh
   * cookie of the previous login is cleared. The response gets `Cache-Control: no-store`.
   *
   * @param token - A token of this manager, or a token response.
   * @throws The not-authenticated exception for a token that this manager would not accept; `CrossOriginError` for a
   * request of another site; {@link ConfigurationError} if the token is too large for cookies, or without `useCookie`.
   * @example
   * ```ts
   * lm.setCookie(response, await lm.createTokenResponse({ data: { sub: account.email }, refresh: true }));
   * ```
   */
  setCookie(response: HttpResponse, token: string | TokenResponse, options?: CookieOptions): void {
    const { session } = parseCallOptions(options, ['session'], 'setCookie()');
    this.services.cookies.set(checkResponse(response, 'setCookie'), checkTokenOrResponse(token, 'setCookie'), {
      session: session === undefined ? undefined : parseBoolean(session, false, 'session'),
    });
  }

  /**
   * Removes the cookie and the refresh cookie from the browser, including those with an earlier `domain` or `path`.
   *
   * @throws `CrossOriginError` for an unsafe request of another site; {@link ConfigurationError} without `useCookie`.
   * @example
   * ```ts
   * lm.clearCookie(response);
   * ```
   */
  clearCookie(response: HttpResponse): void {
    this.services.cookies.clear(checkResponse(response, 'clearCookie'));
  }

  /**
   * Logs a browser in: begins a session and sets its cookies. The session of the cookies in the request ends, which
   * prevents session fixation. The response gets `Cache-Control: no-store`.
   *
   * @param response - The response of Express, or `ctx` of Koa.
   * @param login - `data` and `scopes` as for {@link createAccessToken}. `remember`: whether the login survives closing
   * the browser; default `false`.
   * @throws `CrossOriginError` for a request of another site; `ServiceUnavailableError` if the store cannot be reached;
   * {@link ConfigurationError} without `useCookie`.
   * @example
   * ```ts
   * await lm.login(response, { data: { sub: account.id }, scopes: account.scopes, remember: true });
   * ```
   */
  async login(
    response: HttpResponse,
    login: { data: TokenData; scopes?: readonly string[]; remember?: boolean },
  ): Promise<void> {
    return this.services.sessions.login(
      checkResponse(response, 'login'),
      this.services.parseTokenRequest(login, 'login'),
    );
  }

  /**
   * Logs a browser or a client out: ends the session of the request's tokens, even expired ones, and clears the cookies.
   *
   * @throws `CrossOriginError` for a request of another site; `ServiceUnavailableError` if the store cannot be reached,
   * but the cookies are cleared nevertheless.
   * @example
   * ```ts
   * await lm.logout(request, response);
   * ```
   */
  async logout(request: HttpRequest, response: HttpResponse): Promise<void> {
    return this.services.sessions.logout(checkRequest(request, 'logout'), checkResponse(response, 'logout'));
  }

  /**
   * Exchanges a refresh token for new tokens (RFC 6749 §6). A refresh token has one successor: within
   * `refreshLeeway` the same one is returned again. Later use ends the session, because a second client may have the token.
   *
   * @param from - A refresh token, or a request with the refresh cookie.
   * @param options - `scopes`: fewer scopes for the access token. Default: all that were granted.
   * @throws `InvalidGrantError` if the token is invalid, expired or reused, its session has ended, or its user is gone;
   * `InvalidScopeError` for a scope that was not granted; `InvalidRequestError` if the request has no token;
   * `CrossOriginError` for a request of another site; `ServiceUnavailableError` if the store cannot be reached.
   * @example
   * ```ts
   * const { access_token } = await lm.refresh(form.refreshToken, { scopes: ['notes:read'] });
   * ```
   */
  async refresh(from: string | HttpRequest, options?: { scopes?: readonly string[] }): Promise<TokenResponse> {
    const { scopes } = parseCallOptions(options, ['scopes'], 'refresh()');
    return this.services.sessions.refresh(checkTokenOrRequest(from, 'refresh'), {
      scopes: checkScopes(scopes, 'refresh'),
    });
  }

  /** @internal Begins a session for a request of the token endpoint. */
  async issueTokens(request: TokenResponseRequest, action: Action, isForCookies: boolean): Promise<TokenResponse> {
    const checked = this.services.parseTokenRequest(request, 'createTokenResponse');
    return this.services.sessions.issue(checked, contextOf(action), isForCookies);
  }

  /** @internal Refreshes with the scopes that the user may have now. */
  async refreshWith(from: string | HttpRequest, request: RefreshRequest): Promise<TokenResponse> {
    return this.services.sessions.refresh(from, request);
  }

  /**
   * Revokes a session or a token on every server that shares the store. A refresh token or a request revokes the whole
   * session, an access token only itself. Expired tokens work too. An invalid token is not an error (RFC 7009 §2.2).
   *
   * @throws `ServiceUnavailableError` if the store cannot be reached; `CrossOriginError` for a request of
   * another site; {@link ConfigurationError} without a session store.
   * @example
   * ```ts
   * await lm.revoke(refreshToken);
   * ```
   */
  async revoke(from: string | HttpRequest): Promise<void> {
    return this.services.sessions.revoke(checkTokenOrRequest(from, 'revoke'));
  }

  /**
   * Revokes all current logins of a user, on every server. The user can log in again afterwards. A login in progress is
   * refused in routes with `@PasswordForm()` and by `tokenEndpoints`, where its start is known. So such a route must
   * not call this for the user that it logs in; use the option `maxSessions: 1` to end the other sessions. An equal
   * subject of one of `issuers` is another user and stays logged in: {@link revoke} a token, or let the user loader
   * return null.
   *
   * @throws `ServiceUnavailableError` if the store cannot be reached; {@link ConfigurationError} for an invalid
   * subject, and without a session store.
   * @example
   * ```ts
   * await accounts.changePassword(account, password);
   * await lm.revokeAll(account.email);
   * ```
   */
  async revokeAll(sub: string | number): Promise<void> {
    return this.services.sessions.revokeAll(sub);
  }

  /**
   * Returns the sessions of a user of this manager, the newest login first. `address` and `userAgent` are personal
   * data; with `keepClientDetails: false` neither is stored.
   *
   * @throws {@link ConfigurationError} without a session store that can list; `ServiceUnavailableError` if it is down.
   * @example
   * ```ts
   * const devices = await lm.sessions(account.email);
   * ```
   */
  async sessions(sub: string | number): Promise<SessionInfo[]> {
    return this.services.sessions.list(sub);
  }

  /**
   * Ends one session with all its tokens. It is not an error if the session has already ended. Check first that the
   * session belongs to the user: it must be one of `sessions(sub)`.
   *
   * @param id - As {@link sessions} returns it, and {@link authenticate} as `session.id`.
   * @example
   * ```ts
   * const own = await lm.sessions(account.email);
   * if (own.some((session) => session.id === id)) await lm.endSession(id);
   * ```
   */
  async endSession(id: string): Promise<void> {
    return this.services.sessions.end(id);
  }

  /**
   * Creates a token that works once and for one purpose: a password reset, the verification of an address, a magic link.
   * It is never accepted as an access token.
   *
   * @throws {@link ConfigurationError} for an invalid request, and without both a session store and `bind`.
   * @example
   * ```ts
   * lm.createOneTimeToken({ purpose: 'password-reset', sub: account.id, expires: '1h', bind: account.passwordHash });
   * ```
   */
  createOneTimeToken(request: OneTimeTokenRequest): string {
    return this.services.oneTimeTokens.create(request);
  }

  /**
   * Redeems a one-time token and returns its contents. Of several callers, on any server, one succeeds.
   *
   * @throws `InvalidGrantError` for a token that is invalid, expired, used, for another purpose, or bound to another value.
   * @example
   * ```ts
   * const { sub } = await lm.redeem(token, 'email-verification');
   * ```
   */
  async redeem(token: string, purpose: string, options?: { bind?: string }): Promise<RedeemedToken> {
    return this.services.oneTimeTokens.redeem(token, purpose, options);
  }

  /**
   * Drops a user from the user cache, including users of `issuers`, so that the next request loads it again. Other
   * processes that share the session store are notified, but a notification can be lost.
   *
   * @example
   * ```ts
   * await accounts.setRoles(account, ['editor']);
   * lm.forgetUser(account.email);
   * ```
   */
  forgetUser(sub: string | number): void {
    this.services.caches.forget(sub);
  }
}
