import type { Action } from 'routing-controllers';
import { InvalidGrantError, InvalidRequestError, OAuth2Error, UnsupportedGrantTypeError } from '../errors/oauth2-error';
import { contextOf } from '../http/action';
import { withErrorResponse } from '../http/error-response';
import { type FormFields, stringField } from '../http/form-body';
import type { LoginManager } from '../login-manager';
import type { TokenRequest, TokenResponse } from '../sessions/token-issuer';
import type { Awaitable } from '../util/maybe-promise';
import { splitScopes } from '../util/scope';
import { grantScopes } from './grant-scopes';
import { readPasswordForm } from './password-form';

/** Checks a name and a password; null refuses the login. */
export type VerifyPassword = (username: string, password: string, action: Action) => Awaitable<TokenRequest | null>;

/** What an endpoint answers; without the refresh token where that went into a cookie. */
export type GrantResponse = Omit<TokenResponse, 'refresh_token'> & { refresh_token?: string };

/** Grants tokens, and takes them back, as the endpoints are asked to. */
export class TokenGrants {
  /** @param cookies - Whether a login keeps the tokens in the browser's cookies. */
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: of whatever user
    private readonly manager: LoginManager<any>,
    private readonly verifyPassword: VerifyPassword,
    private readonly cookies: boolean,
  ) {}

  /** @throws {@link UnsupportedGrantTypeError} for another `grant_type`, and what the two grants throw. */
  grant(fields: FormFields, action: Action): Promise<GrantResponse> {
    return withErrorResponse(contextOf(action), async () => {
      const type = stringField(fields, 'grant_type') ?? 'password';
      if (type === 'password') return this.byPassword(fields, action);
      if (type === 'refresh_token' && this.manager.security.canRefresh) return this.byRefreshToken(fields, action);
      throw new UnsupportedGrantTypeError();
    });
  }

  /** @throws {@link OAuth2Error} where tokens cannot be taken back (RFC 7009 §2.2.1), or there is none to take. */
  revoke(fields: FormFields, action: Action): Promise<object> {
    return withErrorResponse(contextOf(action), async () => {
      if (this.manager.security.canRefresh) return this.takeBack(fields, action);
      throw new OAuth2Error('unsupported_token_type', 'Tokens cannot be revoked here');
    });
  }

  /** Without a token, the session of the request ends, and its cookies go. */
  private async takeBack(fields: FormFields, action: Action): Promise<object> {
    const token = stringField(fields, 'token');
    if (token !== undefined) {
      await this.manager.revoke(token);
      return {};
    }
    if (!this.manager.security.cookieName) throw new InvalidRequestError('Missing or malformed: token');
    await this.manager.revoke(action.request);
    this.manager.clearCookie(action.response);
    return {};
  }

  private async byPassword(fields: FormFields, action: Action): Promise<GrantResponse> {
    const form = await readPasswordForm(fields, action);
    const login = await this.verifyPassword(form.username, form.password, action);
    if (!login) throw new InvalidGrantError('Wrong username or password');
    const scopes = grantScopes(form.scopes, login.scopes ?? []);
    const refresh = this.manager.security.canRefresh;
    const response = await this.manager.createTokenResponse({ ...login, scopes, refresh });
    return this.cookies ? this.inCookies(response, action) : response;
  }

  private async byRefreshToken(fields: FormFields, action: Action): Promise<GrantResponse> {
    const token = stringField(fields, 'refresh_token');
    const { cookieName, refreshUrl } = this.manager.security;
    if (token === undefined && !(cookieName && refreshUrl))
      throw new InvalidRequestError('Missing or malformed: refresh_token');
    const scopes = splitScopes(stringField(fields, 'scope') ?? '');
    const response = await this.manager.refresh(token ?? action.request, { scopes });
    return token === undefined ? this.inCookies(response, action) : response;
  }

  /** The refresh token stays where no script can read it. */
  private inCookies(response: TokenResponse, action: Action): GrantResponse {
    this.manager.setCookie(action.response, response);
    const { refresh_token: _, ...shown } = response;
    return shown;
  }
}
