import { ConfigurationError } from '../errors/configuration-error';
import { InvalidRequestError } from '../errors/oauth2-error';
import { actionOf } from '../http/action';
import { withErrorResponse } from '../http/error-response';
import type { OriginCheck } from '../http/origin-check';
import { type HttpRequest, RequestContext } from '../http/request-context';
import type { TokenCookie } from '../http/token-cookie';
import type { TokenExtractor } from '../http/token-extractor';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { UserCache } from '../users/user-cache';
import type { RefreshTokenRotation } from './refresh-rotation';
import type { RevocationService } from './revocations';
import { readSession } from './session-claims';
import type { TokenResponse } from './token-issuer';

/** What a manager puts together so that logins can be prolonged and ended. */
export interface SessionDependencies {
  /** Undefined where the manager has no store; so is what follows. */
  readonly revocations: RevocationService | undefined;
  readonly rotation: RefreshTokenRotation | undefined;
  readonly verifier: TokenVerifier;
  /** Undefined if users are not shared between requests. */
  readonly userCache: UserCache | undefined;
  readonly extractor: TokenExtractor;
  /** Undefined where refresh tokens are in no cookie. */
  readonly refreshCookie: TokenCookie | undefined;
  readonly originCheck: OriginCheck;
  /** How long a login can be refreshed, in seconds. */
  readonly refreshExpiry: number;
}

/** Prolongs logins and ends them, by a token or by a request that bears one. */
export class SessionService {
  constructor(private readonly parts: SessionDependencies) {}

  async refresh(from: string | HttpRequest, scopes: readonly string[] | undefined): Promise<TokenResponse> {
    const { rotation } = this.parts;
    if (!rotation) throw storeRequired('refresh');
    if (typeof from === 'string') return rotation.refresh(from, scopes);
    const context = RequestContext.fromRequest(from);
    return withErrorResponse(context, () =>
      rotation.refresh(this.extractRefreshToken(context), scopes, actionOf(from)),
    );
  }

  async revoke(from: string | HttpRequest): Promise<void> {
    const { revocations, extractor: source, originCheck: originRule } = this.parts;
    if (!revocations) throw storeRequired('revoke');
    if (typeof from === 'string') return this.revokeToken(from, revocations);
    const context = RequestContext.fromRequest(from);
    await withErrorResponse(context, async () => {
      // Without a header, the session of the refresh cookie may be ended, wherever the access token is.
      const location = source.extract(context)?.location === 'header' ? 'header' : 'cookie';
      if (originRule.refuses(context, location)) throw originRule.createError(context);
      await this.revokeRequestSession(context, revocations);
    });
  }

  async revokeAll(sub: string | number): Promise<void> {
    this.parts.userCache?.forget(sub);
    if (!this.parts.revocations) throw storeRequired('revokeAll');
    await this.parts.revocations.revokeSubject(sub);
  }

  /** A refresh token's whole family, or one access token; an invalid one is no error (RFC 7009 §2.2). */
  private async revokeToken(token: string, revocations: RevocationService): Promise<void> {
    const refresh = this.parts.verifier.verifyRefreshToken(token).payload;
    const session = refresh && readSession(refresh);
    if (refresh && session) await revocations.revokeSession(session.id, refresh.exp * 1000);
    const access = refresh ? undefined : this.parts.verifier.verify(token).payload;
    if (access) await revocations.revokeToken(token, access);
  }

  /** The family of whatever the request bears. */
  private async revokeRequestSession(context: RequestContext, revocations: RevocationService): Promise<void> {
    const { extractor: source, refreshCookie, refreshExpiry } = this.parts;
    const refreshToken = refreshCookie?.read(context.message.headers.cookie);
    if (refreshToken) await this.revokeToken(refreshToken, revocations);
    const accessToken = source.extract(context)?.token;
    const payload = accessToken === undefined ? undefined : this.parts.verifier.verify(accessToken).payload;
    if (accessToken === undefined || !payload) return;
    const session = readSession(payload);
    const end = session && Math.max(session.loginAt + refreshExpiry * 1000, payload.exp * 1000);
    if (session && end) await revocations.revokeSession(session.id, end);
    else await revocations.revokeToken(accessToken, payload);
  }

  /** Browsers add the cookie by themselves, so the rule for cookies holds. */
  private extractRefreshToken(context: RequestContext): string {
    const { refreshCookie, originCheck: originRule } = this.parts;
    if (!refreshCookie)
      throw new ConfigurationError(
        'Refresh tokens are in no cookie here: set the options useCookie and refreshUrl, or pass the token',
      );
    const token = refreshCookie.read(context.message.headers.cookie);
    if (token === undefined) throw new InvalidRequestError('There is no refresh token');
    if (originRule.refuses(context, 'cookie')) throw originRule.createError(context);
    return token;
  }
}

function storeRequired(method: string): ConfigurationError {
  return new ConfigurationError(
    `${method}() needs a store: give the manager the option revocation, such as new MemoryRevocationStore()`,
  );
}
