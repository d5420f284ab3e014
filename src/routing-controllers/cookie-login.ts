import type { Clock } from '../clock';
import { ConfigurationError } from '../errors/configuration-error';
import { CrossOriginError } from '../errors/cross-origin-error';
import { NotAuthenticatedError } from '../errors/not-authenticated-error';
import { exchangeOfResponse, type HttpResponse } from '../http/exchange';
import type { OriginRule } from '../http/origin-rule';
import type { TokenCookie } from '../http/token-cookie';
import type { TokenResponse } from '../jwt/token-issuer';
import type { Verification } from '../jwt/verify-token';
import type { Gate } from './gate';
import { raise } from './raise';

/** What a manager puts together for its cookie. */
export interface CookieLoginParts {
  /** Undefined where the manager uses none. */
  readonly cookie: TokenCookie | undefined;
  readonly originRule: OriginRule;
  readonly verify: (token: string) => Verification;
  /** Says what is thrown. */
  readonly gate: Pick<Gate<never>, 'exceptionOf'>;
  readonly clock: Clock;
}

/** Logs browsers in and out by a cookie. */
export class CookieLogin {
  constructor(private readonly parts: CookieLoginParts) {}

  /**
   * Only a token that the manager would accept is set, and only at the word of the application's own pages: else a
   * foreign page could log its visitor in as somebody else (login CSRF).
   */
  set(response: HttpResponse, token: string | TokenResponse): void {
    const { originRule, verify, gate, clock } = this.parts;
    const accessToken = typeof token === 'string' ? token : token.access_token;
    const exchange = exchangeOfResponse(response);
    if (exchange && originRule.refuses(exchange)) raise(new CrossOriginError(), exchange);
    const verification = verify(accessToken);
    if ('fault' in verification) {
      const refusal = gate.exceptionOf(new NotAuthenticatedError(undefined, { code: verification.fault }));
      throw exchange ? raise(refusal, exchange) : refusal;
    }
    this.cookie.write(response, accessToken, verification.payload.exp - clock() / 1000);
  }

  clear(response: HttpResponse): void {
    this.cookie.clear(response);
  }

  private get cookie(): TokenCookie {
    if (this.parts.cookie) return this.parts.cookie;
    throw new ConfigurationError('This manager does not read cookies: set its option useCookie');
  }
}
