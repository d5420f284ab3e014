import { ConfigurationError } from '../errors/configuration-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import { throwAuthError } from '../http/error-response';
import type { OriginCheck } from '../http/origin-check';
import { type HttpResponse, RequestContext } from '../http/request-context';
import type { CookieOptions, TokenCookie } from '../http/token-cookie';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { VerificationResult } from '../jwt/verification-result';
import type { Clock } from '../util/clock';
import type { TokenResponse } from './token-issuer';

/** What a manager puts together for its cookie. */
export interface SessionCookieDependencies {
  /** Undefined where the manager uses none. */
  readonly cookie: TokenCookie | undefined;
  /** Undefined where refresh tokens are in no cookie. */
  readonly refreshCookie: TokenCookie | undefined;
  readonly originCheck: OriginCheck;
  readonly verifier: TokenVerifier;
  readonly exceptions: CustomExceptions;
  readonly clock: Clock;
}

/** Logs browsers in and out by a cookie. */
export class SessionCookies {
  constructor(private readonly parts: SessionCookieDependencies) {}

  /**
   * Only a token that the manager would accept is set, and only at the word of the application's own pages: else a
   * foreign page could log its visitor in as somebody else (login CSRF).
   */
  set(response: HttpResponse, token: string | TokenResponse, options?: CookieOptions): void {
    const context = RequestContext.fromResponse(response);
    if (context) this.parts.originCheck.assertSameOrigin(context);
    const { access_token: accessToken, refresh_token: refreshToken } =
      typeof token === 'string' ? { access_token: token, refresh_token: undefined } : token;
    const { cookie } = this;
    const lifetime = this.lifetimeOf(this.parts.verifier.verify(accessToken), context);
    if (refreshToken !== undefined) {
      this.refreshCookie.write(
        response,
        refreshToken,
        this.lifetimeOf(this.parts.verifier.verifyRefreshToken(refreshToken), context),
        options,
      );
    }
    cookie.write(response, accessToken, lifetime, options);
  }

  /** A foreign page could log its visitor out otherwise (logout CSRF). */
  clear(response: HttpResponse): void {
    const { cookie } = this;
    const context = RequestContext.fromResponse(response);
    if (context) this.parts.originCheck.assertSameOrigin(context);
    cookie.clear(response);
    this.parts.refreshCookie?.clear(response);
  }

  /** What is left of a good token's life, in seconds; another is refused. */
  private lifetimeOf(verification: VerificationResult, context: RequestContext | undefined): number {
    const { exceptions, clock } = this.parts;
    if (verification.payload) return verification.payload.exp - clock() / 1000;
    const error = exceptions.replace(exceptions.notAuthenticated(verification.code, verification.reason));
    throw context ? throwAuthError(error, context) : error;
  }

  private get refreshCookie(): TokenCookie {
    if (this.parts.refreshCookie) return this.parts.refreshCookie;
    throw new ConfigurationError(
      'A refresh token goes into a cookie that is sent to one path alone: set the option refreshUrl',
    );
  }

  private get cookie(): TokenCookie {
    if (this.parts.cookie) return this.parts.cookie;
    throw new ConfigurationError('This manager does not read cookies: set its option useCookie');
  }
}
