import { ConfigurationError } from '../errors/configuration-error';
import { CrossOriginError } from '../errors/cross-origin-error';
import { InvalidRequestError } from '../errors/oauth2-error';
import { actionOf } from '../http/action';
import { rethrow } from '../http/error-response';
import type { OriginRule } from '../http/origin-check';
import { Exchange, type HttpRequest } from '../http/request-context';
import type { TokenCookie } from '../http/token-cookie';
import type { TokenSource } from '../http/token-extractor';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { Rotation } from './refresh-rotation';
import type { Revocations } from './revocations';
import { readSession } from './session-claims';
import type { TokenResponse } from './token-issuer';

/** What a manager puts together so that logins can be prolonged and ended. */
export interface SessionLoginParts {
  /** Undefined where the manager has no store; so is what follows. */
  readonly revocations: Revocations | undefined;
  readonly rotation: Rotation | undefined;
  readonly verifier: TokenVerifier;
  readonly source: TokenSource;
  /** Undefined where refresh tokens are in no cookie. */
  readonly refreshCookie: TokenCookie | undefined;
  readonly originRule: OriginRule;
  /** How long a login can be refreshed, in seconds. */
  readonly refreshExpiry: number;
}

/** Prolongs logins and ends them, by a token or by a request that bears one. */
export class SessionLogin {
  constructor(private readonly parts: SessionLoginParts) {}

  async refresh(from: string | HttpRequest, scopes: readonly string[] | undefined): Promise<TokenResponse> {
    const { rotation } = this.parts;
    if (!rotation) throw noStore('refresh');
    if (typeof from === 'string') return rotation.refresh(from, scopes);
    const exchange = Exchange.ofRequest(from);
    return raising(exchange, () => rotation.refresh(this.refreshTokenOf(exchange), scopes, actionOf(from)));
  }

  async revoke(from: string | HttpRequest): Promise<void> {
    const { revocations, source, originRule } = this.parts;
    if (!revocations) throw noStore('revoke');
    if (typeof from === 'string') return this.revokeToken(from, revocations);
    const exchange = Exchange.ofRequest(from);
    await raising(exchange, async () => {
      const inHeader = source.read(exchange)?.inCookie === false;
      if (!inHeader && originRule.refuses(exchange)) throw new CrossOriginError();
      await this.endSession(exchange, revocations);
    });
  }

  async revokeAll(sub: string | number): Promise<void> {
    if (!this.parts.revocations) throw noStore('revokeAll');
    await this.parts.revocations.revokeSubject(sub);
  }

  /** A refresh token's whole family, or one access token; an invalid one is no error (RFC 7009 §2.2). */
  private async revokeToken(token: string, revocations: Revocations): Promise<void> {
    const refresh = this.parts.verifier.verifyRefreshToken(token).payload;
    const session = refresh && readSession(refresh);
    if (refresh && session) await revocations.revokeFamily(session.family, refresh.exp * 1000);
    const access = refresh ? undefined : this.parts.verifier.verify(token).payload;
    if (access) await revocations.revokeToken(token, access);
  }

  /** The family of whatever the request bears. */
  private async endSession(exchange: Exchange, revocations: Revocations): Promise<void> {
    const { source, refreshCookie, refreshExpiry } = this.parts;
    const refreshToken = refreshCookie?.read(exchange.message.headers.cookie);
    if (refreshToken) await this.revokeToken(refreshToken, revocations);
    const accessToken = source.read(exchange)?.token;
    const payload = accessToken === undefined ? undefined : this.parts.verifier.verify(accessToken).payload;
    if (accessToken === undefined || !payload) return;
    const session = readSession(payload);
    const end = session && Math.max(session.loginAt + refreshExpiry * 1000, payload.exp * 1000);
    if (session && end) await revocations.revokeFamily(session.family, end);
    else await revocations.revokeToken(accessToken, payload);
  }

  /** Browsers add the cookie by themselves, so the rule for cookies holds. */
  private refreshTokenOf(exchange: Exchange): string {
    const { refreshCookie, originRule } = this.parts;
    if (!refreshCookie)
      throw new ConfigurationError(
        'Refresh tokens are in no cookie here: set the options useCookie and refreshUrl, or pass the token',
      );
    const token = refreshCookie.read(exchange.message.headers.cookie);
    if (token === undefined) throw new InvalidRequestError('There is no refresh token');
    if (originRule.refuses(exchange)) throw new CrossOriginError();
    return token;
  }
}

/** A refusal is answered well wherever it is caught. */
async function raising<T>(exchange: Exchange, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    rethrow(error, exchange);
  }
}

function noStore(method: string): ConfigurationError {
  return new ConfigurationError(
    `${method}() needs a store: give the manager the option revocation, such as new MemoryRevocationStore()`,
  );
}
