import { ConfigurationError } from '../errors/configuration-error';
import { CrossOriginError } from '../errors/cross-origin-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import { NotAuthenticatedError } from '../errors/not-authenticated-error';
import { raise } from '../http/error-response';
import type { OriginRule } from '../http/origin-check';
import { Exchange, type HttpResponse } from '../http/request-context';
import type { CookieOptions, TokenCookie } from '../http/token-cookie';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { Verification } from '../jwt/verify-token';
import type { Clock } from '../util/clock';
import type { TokenResponse } from './token-issuer';

/** What a manager puts together for its cookie. */
export interface CookieLoginParts {
  /** Undefined where the manager uses none. */
  readonly cookie: TokenCookie | undefined;
  /** Undefined where refresh tokens are in no cookie. */
  readonly refreshCookie: TokenCookie | undefined;
  readonly originRule: OriginRule;
  readonly verifier: TokenVerifier;
  readonly exceptions: CustomExceptions;
  readonly clock: Clock;
}

/** Logs browsers in and out by a cookie. */
export class CookieLogin {
  constructor(private readonly parts: CookieLoginParts) {}

  /**
   * Only a token that the manager would accept is set, and only at the word of the application's own pages: else a
   * foreign page could log its visitor in as somebody else (login CSRF).
   */
  set(response: HttpResponse, token: string | TokenResponse, options?: CookieOptions): void {
    const exchange = Exchange.ofResponse(response);
    if (exchange && this.parts.originRule.refuses(exchange)) raise(new CrossOriginError(), exchange);
    const { access_token: accessToken, refresh_token: refreshToken } =
      typeof token === 'string' ? { access_token: token, refresh_token: undefined } : token;
    const { cookie } = this;
    const lifetime = this.lifetimeOf(this.parts.verifier.verify(accessToken), exchange);
    if (refreshToken !== undefined) {
      this.refreshCookie.write(
        response,
        refreshToken,
        this.lifetimeOf(this.parts.verifier.verifyRefreshToken(refreshToken), exchange),
        options,
      );
    }
    cookie.write(response, accessToken, lifetime, options);
  }

  clear(response: HttpResponse): void {
    this.cookie.clear(response);
    this.parts.refreshCookie?.clear(response);
  }

  /** What is left of a good token's life, in seconds; another is refused. */
  private lifetimeOf(verification: Verification, exchange: Exchange | undefined): number {
    const { exceptions, clock } = this.parts;
    if (verification.payload) return verification.payload.exp - clock() / 1000;
    const refusal = exceptions.replace(new NotAuthenticatedError(undefined, { code: verification.fault }));
    throw exchange ? raise(refusal, exchange) : refusal;
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
