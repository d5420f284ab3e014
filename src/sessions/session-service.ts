import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { InvalidRequestError } from '../errors/oauth2-error';
import type { TokenCookie } from '../http/cookies/token-cookie';
import { withErrorResponse } from '../http/error-response';
import type { OriginCheck } from '../http/origin-check';
import { actionOf, type HttpRequest, type HttpResponse, RequestContext } from '../http/request-context';
import type { TokenExtractor } from '../http/token-extractor';
import { isSubject } from '../jwt/claims/claims';
import type { Events } from '../util/diagnostics';
import { copyOwnProperties } from '../util/own-properties';
import { parseBoolean } from '../util/validate';
import { invalidArgument } from '../util/validate-arguments';
import type { CacheMessages } from './cache-messages';
import type { LoginContents, LoginService } from './login-service';
import type { RefreshRequest, RefreshTokenRotation } from './refresh-rotation';
import type { Registry } from './registry/create-session-registry';
import type { ListedSession } from './registry/session-registry';
import type { SessionCookies } from './session-cookies';
import type { EndedLogin, SessionEnder } from './session-ender';
import type { TokenResponse, TokenResponseRequest } from './token-issuer';

/** What needs a store. */
export interface StoredSessions extends Registry {
  readonly rotation: RefreshTokenRotation;
  readonly ender: SessionEnder;
}

export interface SessionDependencies {
  /** Undefined without a store. */
  readonly stored: StoredSessions | undefined;
  readonly logins: LoginService;
  readonly cookies: SessionCookies;
  readonly extractor: TokenExtractor;
  readonly cookie: TokenCookie | undefined;
  /** Undefined if refresh tokens are in no cookie. */
  readonly refreshCookie: TokenCookie | undefined;
  readonly originCheck: OriginCheck;
  readonly isSliding: boolean;
  readonly caches: CacheMessages;
  readonly events: Events;
}

/** A session of a user, for example for a page that lists devices. */
export interface SessionInfo {
  /** The id that `endSession(id)` takes. */
  readonly id: string;
  /** The time of the login. */
  readonly loginAt: Date;
  /** The time of the last use: the login, or the last renewal or refresh. */
  readonly lastUsedAt: Date;
  /** The time when the session ends if it is not used again. */
  readonly expiresAt: Date;
  /** The IP address of the login, which is personal data. Absent with `keepClientDetails: false`. */
  readonly address?: string;
  /** The user agent of the login, which is personal data. Absent with `keepClientDetails: false`. */
  readonly userAgent?: string;
}

/** Begins, prolongs, lists and ends sessions: by a token, by a request that has one, or by an id. */
export class SessionService {
  constructor(private readonly parts: SessionDependencies) {}

  /** Logs a browser in with cookies. The session of the cookies that it sent ends. */
  async login(response: HttpResponse, contents: LoginContents): Promise<void> {
    const context = requireContext(response);
    const remember = parseBoolean(contents.remember, false, 'remember');
    await withErrorResponse(context, async () => {
      this.parts.cookies.assertUsable(context);
      const refresh =
        this.parts.stored !== undefined && this.parts.refreshCookie !== undefined && !this.parts.isSliding;
      const endReplaced = () => this.endCookies(context);
      const request = copyOwnProperties({ ...contents, refresh, remember, endReplaced });
      const login = await this.parts.logins.begin(request, context);
      this.parts.cookies.write(response, login, { session: !remember });
    });
  }

  /** Makes a token response. @param isForCookies - Whether its tokens take the place of those of the browser's cookies. */
  issue(request: TokenResponseRequest, context: RequestContext, isForCookies: boolean): Promise<TokenResponse> {
    const endReplaced = isForCookies ? () => this.endCookies(context) : undefined;
    return this.parts.logins.tokenResponse(copyOwnProperties({ ...request, endReplaced }), context);
  }

  private async endCookies(context: RequestContext): Promise<void> {
    await this.parts.stored?.ender.endCookies(context);
  }

  /** Ends the session of whatever a request has, expired or not, and clears the cookies. */
  async logout(request: HttpRequest, response: HttpResponse): Promise<void> {
    const context = RequestContext.fromRequest(request);
    await withErrorResponse(context, async () => {
      this.assertOwnOrigin(context);
      if (this.parts.cookie && this.mayUseCookies(context)) this.parts.cookies.clear(response);
      const ended = this.parts.stored ? await this.endRequest(this.parts.stored.ender, context) : [];
      this.parts.events.publish('logout', () => ({ action: actionOf(request), ...ended[0] }));
    });
  }

  async refresh(from: string | HttpRequest, request: RefreshRequest): Promise<TokenResponse> {
    const { rotation } = this.requireStore('refresh');
    if (typeof from === 'string') return this.refreshWith(rotation, from, request);
    const context = RequestContext.fromRequest(from);
    return withErrorResponse(context, () =>
      this.refreshWith(rotation, this.extractRefreshToken(context), {
        action: actionOf(from),
        accessToken: this.parts.cookie?.read(context.headers.cookie),
        ...request,
      }),
    );
  }

  async revoke(from: string | HttpRequest): Promise<void> {
    const { ender } = this.requireStore('revoke');
    if (typeof from === 'string') return this.publishRevoked(await ender.endToken(from));
    const context = RequestContext.fromRequest(from);
    await withErrorResponse(context, async () => {
      this.assertOwnOrigin(context);
      this.publishRevoked(await this.endRequest(ender, context), actionOf(from));
    });
  }

  async revokeAll(sub: string | number): Promise<void> {
    if (!isSubject(sub)) throw invalidSubject('revokeAll');
    this.parts.caches.forget(sub);
    await this.requireStore('revokeAll').revocations.revokeSubject(sub);
    this.parts.events.publish('revoke', () => ({ sub }));
  }

  async list(sub: string | number): Promise<SessionInfo[]> {
    if (!isSubject(sub)) throw invalidSubject('sessions');
    const { sessions, store } = this.requireStore('sessions');
    if (!store.canList)
      throw new ConfigurationError('sessions() needs a session store with the method list()', {
        section: 'sessions-and-stores',
      });
    return (await sessions.list(sub)).map(toSessionInfo);
  }

  async end(id: string): Promise<void> {
    if (typeof id !== 'string' || id === '')
      throw new ConfigurationError('endSession() requires the id of a session, as sessions() returns it', {
        section: 'sessions-and-stores',
      });
    await this.requireStore('endSession').sessions.end(id);
    this.parts.events.publish('revoke', () => ({ session: id }));
  }

  private async refreshWith(rotation: RefreshTokenRotation, token: string, request: RefreshRequest) {
    const login = await rotation.refresh(token, request);
    return this.parts.logins.remember(login);
  }

  private publishRevoked(ended: readonly EndedLogin[], action?: Action): void {
    for (const login of ended) this.parts.events.publish('revoke', () => ({ action, ...login }));
  }

  /** A page of another origin that has the token of a header may end its session, but not those of the cookies. */
  private endRequest(ender: SessionEnder, context: RequestContext): Promise<EndedLogin[]> {
    return this.mayUseCookies(context) ? ender.endRequest(context) : ender.endSentToken(context);
  }

  private mayUseCookies(context: RequestContext): boolean {
    return !this.parts.originCheck.refuses(context, 'cookie');
  }

  /** Browsers send cookies by themselves, so a foreign page must not end a session with them. */
  private assertOwnOrigin(context: RequestContext): void {
    const { extractor, originCheck } = this.parts;
    originCheck.assertSameOrigin(context, extractor.extract(context)?.location === 'header' ? 'header' : 'cookie');
  }

  private extractRefreshToken(context: RequestContext): string {
    const { refreshCookie, originCheck } = this.parts;
    if (!refreshCookie)
      throw new ConfigurationError(
        'Refresh tokens are not in a cookie; set the options useCookie and refreshUrl, or pass the token',
        { section: 'cookies' },
      );
    const token = refreshCookie.read(context.headers.cookie);
    if (token === undefined) throw new InvalidRequestError('There is no refresh token');
    originCheck.assertSameOrigin(context);
    return token;
  }

  private requireStore(method: string): StoredSessions {
    if (this.parts.stored) return this.parts.stored;
    throw new ConfigurationError(
      `${method}() requires a session store; set the option sessionStore, for one server to new MemorySessionStore()`,
      { section: 'sessions-and-stores' },
    );
  }
}

function requireContext(response: HttpResponse): RequestContext {
  const context = response && RequestContext.fromResponse(response);
  if (context) return context;
  throw invalidArgument('login() requires the response of a request: that of Express, or ctx of Koa');
}

function toSessionInfo({ id, record }: ListedSession): SessionInfo {
  return {
    id,
    loginAt: new Date(record.loginAt),
    lastUsedAt: new Date(record.lastUsedAt),
    expiresAt: new Date(record.expiresAt),
    ...(record.address !== undefined && { address: record.address }),
    ...(record.userAgent !== undefined && { userAgent: record.userAgent }),
  };
}

function invalidSubject(method: string): ConfigurationError {
  return invalidArgument(`${method}() requires a subject: a non-empty string or a safe integer`);
}
