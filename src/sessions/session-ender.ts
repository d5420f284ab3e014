import type { TokenCookie } from '../http/cookies/token-cookie';
import type { RequestContext } from '../http/request-context';
import type { TokenExtractor } from '../http/token-extractor';
import type { TokenPayload } from '../jwt/token-payload';
import type { AccessTokenVerifier, TokenVerifier } from '../jwt/token-verifier';
import type { Registry } from './registry/create-session-registry';
import { readSession } from './registry/session-claims';

/** Whose login ended. */
export interface EndedLogin {
  readonly sub: string | number;
  /** The id of the session; undefined for a token without one. */
  readonly session: string | undefined;
}

/** Ends the sessions of tokens, those of expired tokens too: a genuine token names its session. */
export class SessionEnder {
  /**
   * @param cookie - Undefined if the manager uses no cookie.
   * @param refreshCookie - Undefined if refresh tokens are in no cookie.
   */
  constructor(
    private readonly registry: Registry,
    private readonly verifier: TokenVerifier,
    private readonly accessVerifier: AccessTokenVerifier,
    private readonly extractor: TokenExtractor,
    private readonly cookie: TokenCookie | undefined,
    private readonly refreshCookie: TokenCookie | undefined,
  ) {}

  /** Ends the session of a refresh token, or revokes one access token. A token that is neither is no error. */
  async endToken(token: string): Promise<EndedLogin[]> {
    const ended = await this.endRefreshToken(token);
    if (ended) return [ended];
    const payload = await this.accessVerifier.verifyIgnoringTimes(token, 'access');
    if (!payload) return [];
    await this.registry.revocations.revokeToken(token, payload);
    return [toEndedLogin(payload)];
  }

  /** Ends the sessions of the header's token and of every cookie; there may be several cookies of one name. */
  async endRequest(context: RequestContext): Promise<EndedLogin[]> {
    return this.endEach(this.extractor.extractAll(context), this.refreshCookie?.readAll(context.headers.cookie));
  }

  /** Ends the session of the token that a request would be authenticated with, and no other. */
  async endSentToken(context: RequestContext): Promise<EndedLogin[]> {
    const sent = this.extractor.extract(context);
    return this.endEach(sent && [sent.token]);
  }

  /** Ends the sessions of every cookie that the manager has made itself: for a login, no other issuer is asked. */
  async endCookies({ headers }: RequestContext): Promise<EndedLogin[]> {
    const { cookie } = headers;
    return this.endEach(this.cookie?.readAll(cookie), this.refreshCookie?.readAll(cookie), this.verifier);
  }

  private async endEach(
    accessTokens: string[] = [],
    refreshTokens: string[] = [],
    verifier: Pick<AccessTokenVerifier, 'verifyIgnoringTimes'> = this.accessVerifier,
  ): Promise<EndedLogin[]> {
    const ended: (EndedLogin | undefined)[] = [];
    for (const token of accessTokens) ended.push(await this.endAccessToken(token, verifier));
    for (const token of refreshTokens) ended.push(await this.endRefreshToken(token));
    return ended.filter((login) => login !== undefined);
  }

  private async endAccessToken(
    token: string,
    verifier: Pick<AccessTokenVerifier, 'verifyIgnoringTimes'>,
  ): Promise<EndedLogin | undefined> {
    const payload = await verifier.verifyIgnoringTimes(token, 'access');
    if (!payload) return undefined;
    const session = readSession(payload);
    if (session?.isRecorded) await this.registry.sessions.end(session.id);
    else if (session) await this.registry.revocations.endUnrecorded(session, payload);
    else await this.registry.revocations.revokeToken(token, payload);
    return toEndedLogin(payload);
  }

  private async endRefreshToken(token: string): Promise<EndedLogin | undefined> {
    const payload = this.verifier.verifyIgnoringTimes(token, 'refresh');
    const session = payload && readSession(payload);
    if (!session) return undefined;
    await this.registry.sessions.end(session.id);
    return toEndedLogin(payload);
  }
}

function toEndedLogin(payload: TokenPayload): EndedLogin {
  return { sub: payload.sub, session: readSession(payload)?.id };
}
