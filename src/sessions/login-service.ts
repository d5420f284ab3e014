import { ConfigurationError } from '../errors/configuration-error';
import { InvalidGrantError } from '../errors/oauth2-error';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import { loginStartOf } from '../http/login-start';
import { actionOf, type RequestContext } from '../http/request-context';
import { invalidTokenContents } from '../jwt/invalid-token-contents';
import { assertSubject, getTimes, type TokenData } from '../jwt/token-signer';
import type { Clock } from '../util/clock';
import type { Events } from '../util/diagnostics';
import { clientOf } from './client-details';
import type { RevocationService } from './registry/revocation-service';
import { createUnrecordedSession, SESSION_CLAIMS, type Session, writeSession } from './registry/session-claims';
import type { SessionRegistry } from './registry/session-registry';
import type { SecurityStamp } from './security-stamp';
import {
  type IssuedToken,
  type TokenIssuer,
  type TokenRequest,
  type TokenResponse,
  type TokenResponseRequest,
  toTokenResponse,
} from './token-issuer';

export interface LoginDependencies {
  readonly issuer: TokenIssuer;
  /** Undefined without a store. */
  readonly registry: SessionRegistry | undefined;
  readonly revocations: RevocationService | undefined;
  readonly stamp: SecurityStamp | undefined;
  readonly clock: Clock;
  /** Seconds; undefined without a store and without sliding logins: nothing then ends a token but its expiry. */
  readonly longestSession: number | undefined;
  /** Whether logins renew themselves, so that tokens say when they began. */
  readonly isSliding: boolean;
  /** Seconds. */
  readonly refreshExpiry: number;
  /** Whether a session's record has the address and the user agent of its login. */
  readonly keepsClientDetails: boolean;
  readonly events: Events;
}

/** What a login is made of. */
export interface LoginContents extends TokenResponseRequest {
  /** Whether the login stays when the browser is closed; undefined if no cookie was asked for. */
  readonly remember?: boolean | undefined;
  /** Ends the sessions that the login replaces: those of the browser's cookies. */
  readonly endReplaced?: (() => Promise<unknown>) | undefined;
}

/** The tokens of a login, with what they were asked to say. */
export interface IssuedLogin {
  readonly response: TokenResponse;
  readonly access: IssuedToken;
  readonly refresh: IssuedToken | undefined;
  /** Whether its cookies end with the browser, unless something else is asked for. */
  readonly endsWithBrowser: boolean;
}

/** Makes the tokens of logins. */
export class LoginService {
  /** The tokens of responses, so that a response that is put into cookies is not verified. */
  private readonly issued = new WeakMap<TokenResponse, IssuedLogin>();

  constructor(private readonly parts: LoginDependencies) {}

  /**
   * Makes an access token synchronously, so without a record in the store.
   *
   * @throws {@link ConfigurationError} for data, a lifetime or scopes that no token can have.
   */
  accessToken(request: TokenRequest): string {
    const { revocations, stamp } = this.parts;
    this.assertData(request.data);
    const loginAt = revocations?.loginTime(loginStartOf()) ?? this.parts.clock();
    const session = revocations && createUnrecordedSession(loginAt);
    const claims = { ...this.loginClaims(session, loginAt), ...stamp?.claimsNow(request.data.sub) };
    return this.access(request, this.lifetimeOf(request), claims).token;
  }

  /**
   * Begins a session and makes its tokens.
   *
   * @param context - Of the request that logs in, if it is known.
   * @throws {@link ConfigurationError} as {@link accessToken} does, and for a refresh token without a store;
   * `InvalidGrantError` if all logins of the user were revoked while this one was under way;
   * `ServiceUnavailableError` if the store cannot be asked.
   */
  async begin(request: LoginContents, context?: RequestContext): Promise<IssuedLogin> {
    const lifetime = this.lifetimeOf(request);
    this.assertData(request.data);
    const { registry, refreshExpiry, clock, stamp } = this.parts;
    if (request.refresh && !registry) throw refreshNeedsStore();
    const stamped = await stamp?.claims(request.data.sub);
    const startedAt = loginStartOf(context);
    const expiresAt = clock() + (request.refresh ? refreshExpiry : lifetime) * 1000;
    const session = registry && (await this.beginSession(registry, request, { expiresAt, startedAt, context }));
    const claims = {
      ...this.loginClaims(session, session?.loginAt ?? clock()),
      ...((this.parts.isSliding || request.refresh) &&
        request.remember !== undefined && { login_remember: request.remember }),
      ...stamped,
    };
    const tokens = await this.orEnd(session, async () => {
      const access = this.access(request, lifetime, claims);
      const refresh =
        request.refresh && session ? this.firstRefreshToken(request, lifetime, session, claims) : undefined;
      if (session?.isRecorded) await this.makeRoom(request);
      return { access, refresh };
    });
    const response = toTokenResponse(tokens.access, lifetime, request.scopes, tokens.refresh);
    const login = { response, ...tokens, endsWithBrowser: request.remember === false };
    this.issued.set(response, login);
    this.parts.events.publish('login', () => ({
      ...(context && { action: actionOf(context.request) }),
      sub: request.data.sub,
      session: session?.id,
    }));
    return login;
  }

  /** Makes the body of a token response, as {@link begin} does. */
  async tokenResponse(request: LoginContents, context?: RequestContext): Promise<TokenResponse> {
    return (await this.begin(request, context)).response;
  }

  /** Remembers the tokens of a response that was made otherwise: by a refresh. */
  remember(login: IssuedLogin): TokenResponse {
    this.issued.set(login.response, login);
    return login.response;
  }

  /** Returns the tokens that this manager has made for a response, if the response still has them. */
  issuedFor(response: TokenResponse): IssuedLogin | undefined {
    const login = this.issued.get(response);
    const isUnchanged =
      login?.access.token === response.access_token && login.refresh?.token === response.refresh_token;
    return isUnchanged ? login : undefined;
  }

  /** Checked before anything is written. What else is wrong with a token shows when it is signed. */
  private assertData(data: TokenData): void {
    assertSubject(data);
    assertNoSessionClaims(data, this.parts.longestSession === undefined);
  }

  private access({ data, scopes }: TokenRequest, lifetime: number, claims: Record<string, unknown>): IssuedToken {
    return this.parts.issuer.access({ data, scopes, lifetime, claims });
  }

  /** Ends a session that does not come about: because its tokens are too long, for instance, or the store fails. */
  private async orEnd<T>(session: Session | undefined, complete: () => Promise<T>): Promise<T> {
    try {
      return await complete();
    } catch (error) {
      if (session?.isRecorded) await this.parts.registry?.end(session.id).catch(() => false);
      throw error;
    }
  }

  /** Ends the sessions that the new one replaces, and those that are more than the user may have: once it has its tokens. */
  private async makeRoom({ data, refresh, endReplaced }: LoginContents): Promise<void> {
    for (const end of [endReplaced, () => this.parts.registry?.endSurplus(data.sub)]) {
      try {
        await end?.();
      } catch (error) {
        if (refresh || !(error instanceof ServiceUnavailableError)) throw error; // as in beginSession()
      }
    }
  }

  /**
   * A login without a refresh token is not lost while the store is down: its token works as soon as the store can be
   * asked again.
   */
  private async beginSession(
    registry: SessionRegistry,
    request: LoginContents,
    { expiresAt, startedAt, context }: { expiresAt: number; startedAt?: number; context?: RequestContext },
  ): Promise<Session> {
    const client = this.parts.keepsClientDetails && context ? clientOf(context) : undefined;
    try {
      const session = await registry.begin({ sub: request.data.sub, expiresAt, startedAt, ...client });
      if (session) return session;
    } catch (error) {
      if (request.refresh || !(error instanceof ServiceUnavailableError) || !this.parts.revocations) throw error;
      return createUnrecordedSession(this.parts.revocations.loginTime(startedAt));
    }
    throw new InvalidGrantError('All sessions of the user were ended during the login');
  }

  private firstRefreshToken(
    { data, scopes }: LoginContents,
    lifetime: number,
    session: Session,
    claims: Record<string, unknown>,
  ): IssuedToken {
    const times = getTimes(this.parts.refreshExpiry, session.loginAt);
    return this.parts.issuer.refresh({
      data,
      scopes,
      times: { iat: times.iat, exp: times.exp },
      claims: { ...claims, ...refreshClaims(session, lifetime, 0) },
    });
  }

  private loginClaims(session: Session | undefined, loginAt: number): Record<string, unknown> {
    if (session) return writeSession(session);
    return this.parts.isSliding ? { login_at: loginAt } : {};
  }

  private lifetimeOf({ expires }: TokenRequest): number {
    const lifetime = this.parts.issuer.lifetimeOf(expires);
    const { longestSession } = this.parts;
    if (longestSession !== undefined && lifetime > longestSession) {
      throw invalidTokenContents(
        `expires is longer than a session lasts (${longestSession} seconds); make it shorter, or refreshExpiry or slidingExpiry longer`,
      );
    }
    return lifetime;
  }
}

/** Returns the claims of a refresh token: its `jti` follows from the session and the number, on every server alike. */
export function refreshClaims(session: Session, accessLifetime: number, number: number): Record<string, unknown> {
  return {
    ...writeSession(session, `${session.id}.${number}`),
    access_lifetime: accessLifetime,
    refresh_number: number,
  };
}

/** What is no claim of a session where there are none: any token may have it. */
const NO_CLAIMS = new Set(['jti', 'sid']);

/**
 * A manager without sessions writes none of these claims, but another one with the same secret would believe them. It does
 * not believe a `sid` alone, which may be that of an identity provider.
 */
function assertNoSessionClaims(data: TokenData, hasNone: boolean): void {
  const reserved = SESSION_CLAIMS.find((claim) => data[claim] !== undefined && !(hasNone && NO_CLAIMS.has(claim)));
  if (reserved === undefined) return;
  throw invalidTokenContents(`data must not contain the reserved claim '${reserved}'; the session writes it`);
}

function refreshNeedsStore(): ConfigurationError {
  return new ConfigurationError(
    'Refresh tokens require a session store; set the option sessionStore, for one server to new MemorySessionStore()',
    { section: 'sessions-and-stores' },
  );
}
