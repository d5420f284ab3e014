import { ConfigurationError } from '../errors/configuration-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { CookieOptions, TokenCookie } from '../http/cookies/token-cookie';
import { throwAuthError } from '../http/error-response';
import type { OriginCheck } from '../http/origin-check';
import { type HttpResponse, RequestContext } from '../http/request-context';
import type { AccessTokenVerifier, TokenVerifier } from '../jwt/token-verifier';
import type { VerificationResult } from '../jwt/verification-result';
import type { Clock } from '../util/clock';
import { isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import type { IssuedLogin, LoginService } from './login-service';
import { endsWithBrowser } from './registry/session-claims';
import type { TokenResponse } from './token-issuer';

export interface SessionCookieDependencies {
  /** Undefined if the manager uses no cookie. */
  readonly cookie: TokenCookie | undefined;
  /** Undefined if refresh tokens are in no cookie. */
  readonly refreshCookie: TokenCookie | undefined;
  readonly originCheck: OriginCheck;
  /** Of refresh tokens. */
  readonly verifier: TokenVerifier;
  readonly accessVerifier: AccessTokenVerifier;
  readonly logins: LoginService;
  readonly exceptions: CustomExceptions;
  readonly clock: Clock;
  readonly isSliding: boolean;
}

/** A token and its expiry in seconds since the epoch. */
interface CookieToken {
  readonly token: string;
  readonly exp: number;
}

/** A token that was verified, with what it says about its login. */
interface VerifiedCookieToken extends CookieToken {
  readonly endsWithBrowser: boolean;
}

/** Keeps the tokens of logins in the browser's cookies. */
export class SessionCookies {
  constructor(private readonly parts: SessionCookieDependencies) {}

  /**
   * Sets the cookies of a token or a token response. Only tokens that the manager would accept are set, and only for the
   * application's own pages: otherwise a foreign page could log its visitor in as somebody else (login CSRF). Tokens that
   * the manager has just signed are not verified again.
   *
   * @param options - Default: as the login was asked for.
   */
  set(response: HttpResponse, token: string | TokenResponse, options?: CookieOptions): void {
    const context = RequestContext.fromResponse(response);
    this.assertUsable(context);
    if (options?.session && this.parts.isSliding)
      throw cookieMistake(
        'setCookie() cannot make renewals of a sliding login end with the browser; use login() with remember: false',
      );
    const { accessToken, refreshToken } = tokensOf(token);
    const issued = typeof token === 'string' ? undefined : this.parts.logins.issuedFor(token);
    const { verifier, accessVerifier } = this.parts;
    const access = issued
      ? { ...issued.access, endsWithBrowser: issued.endsWithBrowser }
      : this.verified(accessToken, now(accessVerifier.verify(accessToken)), context);
    const refresh =
      refreshToken === undefined
        ? undefined
        : (issued?.refresh ?? this.verified(refreshToken, verifier.verifyRefreshToken(refreshToken), context));
    this.write(response, { access, refresh }, { session: options?.session ?? access.endsWithBrowser });
  }

  /**
   * Writes the cookies of a login. The refresh cookie of a login before goes, or else its next use would bring the former
   * user back.
   */
  write(
    response: HttpResponse,
    { access, refresh }: Pick<IssuedLogin, 'access' | 'refresh'>,
    options?: CookieOptions,
  ): void {
    const { cookie } = this;
    if (refresh) this.refreshCookie.write(response, refresh.token, this.lifetimeOf(refresh), options);
    else this.parts.refreshCookie?.clear(response);
    cookie.write(response, access.token, this.lifetimeOf(access), options);
  }

  /** Clears all cookies of the manager. */
  clear(response: HttpResponse): void {
    const context = RequestContext.fromResponse(response);
    this.assertUsable(context);
    this.cookie.clear(response);
    this.parts.refreshCookie?.clear(response);
  }

  /** @throws `CrossOriginError` for a foreign page, {@link ConfigurationError} if the manager uses no cookie. */
  assertUsable(context: RequestContext | undefined): void {
    if (context) this.parts.originCheck.assertSameOrigin(context);
    if (!this.parts.cookie) throw noCookie();
  }

  private verified(
    token: string,
    result: VerificationResult,
    context: RequestContext | undefined,
  ): VerifiedCookieToken {
    const { payload } = result;
    if (payload) return { token, exp: payload.exp, endsWithBrowser: endsWithBrowser(payload) };
    const { exceptions } = this.parts;
    const error = exceptions.replace(exceptions.notAuthenticated(result.code, result.reason));
    throw context ? throwAuthError(error, context) : error;
  }

  /** Returns what is left of a token's life, in seconds. */
  private lifetimeOf({ exp }: CookieToken): number {
    return exp - this.parts.clock() / 1000;
  }

  private get refreshCookie(): TokenCookie {
    if (this.parts.refreshCookie) return this.parts.refreshCookie;
    throw cookieMistake('A refresh token needs a cookie that is sent to one path alone; set the option refreshUrl');
  }

  private get cookie(): TokenCookie {
    if (this.parts.cookie) return this.parts.cookie;
    throw noCookie();
  }
}

function noCookie(): ConfigurationError {
  return cookieMistake('This manager does not use cookies; set the option useCookie');
}

function tokensOf(token: string | TokenResponse): { accessToken: string; refreshToken: string | undefined } {
  if (typeof token === 'string') return { accessToken: token, refreshToken: undefined };
  const isResponse = typeof token === 'object' && token !== null && typeof token.access_token === 'string';
  if (isResponse) return { accessToken: token.access_token, refreshToken: token.refresh_token };
  throw cookieMistake(
    token instanceof Promise
      ? 'setCookie() was given a promise; await the token response first'
      : 'setCookie() requires a token or a token response',
  );
}

/** @throws {@link ConfigurationError} for a token whose keys must be fetched first. */
function now(result: MaybePromise<VerificationResult>): VerificationResult {
  if (!isPromiseLike(result)) return result;
  result.catch(() => undefined);
  throw cookieMistake(
    'setCookie() is synchronous and cannot ask the issuer of the token; call it after await verify(token)',
  );
}

function cookieMistake(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'cookies' });
}
