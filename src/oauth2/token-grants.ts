import type { Action } from 'routing-controllers';
import { toError } from '../errors/application-error';
import { InvalidGrantError, InvalidRequestError, OAuth2Error, UnsupportedGrantTypeError } from '../errors/oauth2-error';
import { withErrorResponse } from '../http/error-response';
import { type FormFields, stringField } from '../http/form-body';
import type { HttpRequest } from '../http/request-context';
import { contextOf } from '../http/request-context';
import { parseBearer } from '../http/token-extractor';
import type { TokenPayload } from '../jwt/token-payload';
import type { LoginManager } from '../manager/login-manager';
import type { RefreshRequest } from '../sessions/refresh-rotation';
import type { TokenRequest, TokenResponse } from '../sessions/token-issuer';
import type { Awaitable } from '../util/maybe-promise';
import { copyOwnProperties } from '../util/own-properties';
import { splitScopes } from '../util/scope';
import { assertStrings, grantScopes } from './grant-scopes';
import type { LoginLimiter } from './login-limiter';
import { readPasswordForm } from './password-form';
import type { OAuth2PasswordRequestForm } from './password-request-form';

/** Checks a username and a password; null refuses the login. */
export type VerifyPassword = (
  username: string,
  password: string,
  action: Action,
  form: OAuth2PasswordRequestForm,
) => Awaitable<TokenRequest | null>;

/** Returns the scopes that a user may have now. */
export type ScopesFor<User> = (user: User, payload: TokenPayload) => Awaitable<readonly string[]>;

/** The body of a token response, without the refresh token if that is in a cookie. */
export type GrantResponse = Omit<TokenResponse, 'refresh_token'> & { refresh_token?: string };

/** The checked options of the endpoints. */
export interface GrantOptions<User> {
  readonly verifyPassword: VerifyPassword;
  readonly scopesFor: ScopesFor<User> | undefined;
  readonly limiter: LoginLimiter | undefined;
  /** Whether a login stores the tokens in the browser's cookies. */
  readonly cookies: boolean;
}

/** Grants and revokes tokens for the endpoints. */
export class TokenGrants<User> {
  constructor(
    private readonly manager: LoginManager<User>,
    private readonly options: GrantOptions<User>,
  ) {}

  /** @throws {@link UnsupportedGrantTypeError} for another `grant_type`, and the errors of the two grants. */
  grant(fields: FormFields, action: Action): Promise<GrantResponse> {
    return withErrorResponse(contextOf(action), async () => {
      const type = stringField(fields, 'grant_type') ?? 'password';
      if (type === 'password') return this.byPassword(fields, action);
      if (type === 'refresh_token' && this.manager.security.canRefresh) return this.byRefreshToken(fields, action);
      throw new UnsupportedGrantTypeError();
    });
  }

  /**
   * Revokes the token that is sent. Without one, it logs the browser out.
   *
   * @throws {@link OAuth2Error} if the manager cannot revoke the token (RFC 7009 §2.2.1), {@link InvalidRequestError} if
   * there is none.
   */
  revoke(fields: FormFields, action: Action): Promise<object> {
    const context = contextOf(action);
    return withErrorResponse(context, async () => {
      const token = stringField(fields, 'token');
      const { canRefresh, cookieName } = this.manager.security;
      const isTokenSent = token !== undefined || parseBearer(context.headers.authorization) !== undefined;
      if (!canRefresh && (isTokenSent || !cookieName))
        throw new OAuth2Error('unsupported_token_type', 'Tokens cannot be revoked here');
      if (token !== undefined) await this.manager.revoke(token);
      else if (cookieName) await this.manager.logout(action.request, action.response);
      else throw new InvalidRequestError('Missing or malformed: token');
      return {};
    });
  }

  private async byPassword(fields: FormFields, action: Action): Promise<GrantResponse> {
    if (this.options.cookies) this.manager.checkOrigin(action.request); // before anything happens for a foreign page
    const form = readPasswordForm(fields, action);
    const login = await this.verify(form, action);
    if (!login) throw new InvalidGrantError('Wrong username or password');
    const scopes = grantScopes(form.scopes, copyOwnProperties(login).scopes ?? [], this.manager.security.scopes);
    const { canRefresh, areCookiesRenewed } = this.manager.security;
    const refresh = canRefresh && !(this.options.cookies && areCookiesRenewed);
    const response = await this.manager.issueTokens({ ...login, scopes, refresh }, action, this.options.cookies);
    return this.options.cookies ? this.inCookies(response, action) : response;
  }

  private async verify(form: OAuth2PasswordRequestForm, action: Action): Promise<TokenRequest | null> {
    const { limiter, verifyPassword } = this.options;
    const verify = () => callApplication(() => verifyPassword(form.username, form.password, action, form));
    return limiter ? limiter.run(form.username, action, verify) : verify();
  }

  private async byRefreshToken(fields: FormFields, action: Action): Promise<GrantResponse> {
    const token = stringField(fields, 'refresh_token');
    const { cookieName, refreshUrl } = this.manager.security;
    if (token === undefined && !(cookieName && refreshUrl))
      throw new InvalidRequestError('Missing or malformed: refresh_token');
    const from: string | HttpRequest = token ?? action.request;
    const requested = splitScopes(stringField(fields, 'scope') ?? '');
    const response = await this.manager.refreshWith(from, {
      scopes: requested,
      action,
      ...(this.options.scopesFor && { scopesFor: this.scopesFor }),
    });
    return token === undefined ? this.inCookies(response, action) : response;
  }

  /** Returns the scopes that a user may have now. */
  private readonly scopesFor: RefreshRequest['scopesFor'] = async (user, payload) => {
    const allowed = await callApplication(() => this.options.scopesFor?.(user, payload));
    assertStrings(allowed, 'scopesFor(user, payload): the result');
    return allowed;
  };

  /** The refresh token stays in a cookie that no script can read. */
  private inCookies(response: TokenResponse, action: Action): GrantResponse {
    this.manager.setCookie(action.response, response);
    const { refresh_token: _, ...shown } = response;
    return shown;
  }
}

/** Calls a function of the application. Whatever it throws is passed on as an error, because frameworks ignore the rest. */
async function callApplication<T>(call: () => Awaitable<T>): Promise<T> {
  try {
    return await call();
  } catch (reason) {
    throw toError(reason);
  }
}
