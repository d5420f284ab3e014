import type { Action } from 'routing-controllers';
import { InvalidGrantError, InvalidScopeError } from '../errors/oauth2-error';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { UserSource } from '../users/dependency';
import { checkScopesOf } from '../users/scopes-of';
import type { Clock } from '../util/clock';
import type { Events } from '../util/diagnostics';
import type { ExpandScopes } from '../util/implied-scopes';
import type { Awaitable } from '../util/maybe-promise';
import { type IssuedLogin, refreshClaims } from './login-service';
import type { RefreshSuccession } from './registry/refresh-succession';
import { endsWithBrowser, keptClaims, readSession, type Session, writeSession } from './registry/session-claims';
import type { SessionRegistry } from './registry/session-registry';
import type { SecurityStamp } from './security-stamp';
import { type TokenIssuer, toTokenResponse } from './token-issuer';

export interface RotationDependencies {
  readonly issuer: TokenIssuer;
  readonly registry: SessionRegistry;
  readonly succession: RefreshSuccession;
  readonly verifier: TokenVerifier;
  readonly users: UserSource;
  readonly stamp: SecurityStamp | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: of whatever user
  readonly scopesOf: ((user: any, payload: TokenPayload) => Awaitable<readonly string[]>) | undefined;
  readonly expandScopes: ExpandScopes;
  readonly clock: Clock;
  /** Seconds. */
  readonly refreshExpiry: number;
  readonly events: Events;
}

/** What a refresh is asked for. */
export interface RefreshRequest {
  /** Fewer scopes for the access token. Default: all that were granted. */
  readonly scopes?: readonly string[] | undefined;
  readonly action?: Action | undefined;
  /** The access token that the browser has beside the refresh token, if both are in cookies. */
  readonly accessToken?: string | undefined;
  /** Scopes that the user may have now; granted ones that are not among them are left out. */
  // biome-ignore lint/suspicious/noExplicitAny: of whatever user
  readonly scopesFor?: ((user: any, payload: TokenPayload) => Awaitable<readonly string[]>) | undefined;
}

/** What the tokens of a refresh have beside the application's claims and those of the session. */
interface SuccessorContents {
  /** Of the access token. */
  readonly scopes: readonly string[];
  /** All that the session was granted. */
  readonly granted: readonly string[];
  /** Claims about the login: its security stamp, and whether it ends with the browser. */
  readonly kept: Readonly<Record<string, unknown>>;
}

const PROBLEMS = {
  ended: 'The session has ended',
  reused: 'The refresh token has been used before; the session has ended',
};

/** Exchanges refresh tokens, each for one successor with an access token (RFC 6749 §6, RFC 9700 §4.14). */
export class RefreshTokenRotation {
  constructor(private readonly parts: RotationDependencies) {}

  /**
   * Everything that can fail without harm is tried before the token is used up.
   *
   * @throws {@link InvalidGrantError} for a token that is invalid, expired or reused, or whose session or user is gone;
   * {@link InvalidScopeError} for a scope that was not granted.
   */
  async refresh(token: string, request: RefreshRequest = {}): Promise<IssuedLogin> {
    const { scopes: requested, action, scopesFor } = request;
    const { verifier, users, stamp, registry } = this.parts;
    const verified = verifier.verifyRefreshToken(token);
    if (!verified.payload) throw invalid();
    const { payload, scopes: granted } = verified;
    const session = readSession(payload);
    const number = payload.refresh_number;
    if (!session?.isRecorded || typeof number !== 'number') throw invalid();
    if (!(this.endOf(payload, session) * 1000 > this.parts.clock())) throw invalid();
    const { problem, madeAt } = await this.parts.succession.check(session, number);
    if (problem !== undefined) throw this.refused(problem, session, payload, action);
    const user = await users.load({ action, payload });
    if (!user) throw new InvalidGrantError('The user no longer exists');
    if (stamp && !stamp.isCurrent(user, payload)) {
      await registry.end(session.id);
      throw new InvalidGrantError('The session has ended');
    }
    const kept = { ...keptClaims(payload), ...stamp?.claimsOf(user) };
    const scopes = await this.scopesFor(user, payload, granted, requested, scopesFor ?? this.parts.scopesOf);
    const isNew = madeAt !== undefined && this.isSince(madeAt, request.accessToken, session);
    const successor = isNew ? { number, madeAt } : await this.parts.succession.succeed(session, number);
    if (successor.problem !== undefined) throw this.refused(successor.problem, session, payload, action);
    this.parts.events.publish('refresh', () => ({ action, sub: payload.sub, session: session.id }));
    return this.issue(payload, session, successor, { scopes, granted, kept });
  }

  /**
   * Returns whether an access token of the session was made with the refresh token: another tab has just refreshed. The
   * refresh token is then given again, because the answers to several tabs may arrive in any order, and a cookie must not
   * go back to a token that was used.
   */
  private isSince(madeAt: number, accessToken: string | undefined, session: Session): boolean {
    const payload = accessToken === undefined ? undefined : this.parts.verifier.verify(accessToken).payload;
    if (payload?.iat === undefined || readSession(payload)?.id !== session.id) return false;
    return payload.iat >= Math.floor(madeAt / 1000);
  }

  private refused(
    problem: keyof typeof PROBLEMS,
    session: Session,
    { sub }: TokenPayload,
    action: Action | undefined,
  ): InvalidGrantError {
    const error = new InvalidGrantError(PROBLEMS[problem]);
    if (problem === 'reused') this.parts.events.publish('reuse', () => ({ action, error, sub, session: session.id }));
    return error;
  }

  /**
   * Returns when a session ends, in seconds since the epoch: to the moment, whatever the tolerance, because a token that is
   * made at the end of the session would never be accepted.
   */
  private endOf({ exp }: TokenPayload, { loginAt }: Session): number {
    return Math.min(exp, loginAt / 1000 + this.parts.refreshExpiry);
  }

  private async scopesFor(
    user: unknown,
    payload: TokenPayload,
    granted: readonly string[],
    requested: readonly string[] | undefined,
    allowedFor: RefreshRequest['scopesFor'],
  ): Promise<readonly string[]> {
    const { expandScopes } = this.parts;
    const wanted = requested?.length ? [...new Set(requested)] : granted;
    const grantable = expandScopes(granted);
    if (!wanted.every((scope) => grantable.includes(scope)))
      throw new InvalidScopeError('The requested scope was not granted');
    if (!allowedFor) return wanted;
    const allowed = expandScopes(checkScopesOf(await allowedFor(user, payload)));
    // Of a scope that is lost, those that it implied and that are still allowed stay.
    const kept = wanted.flatMap((scope) => (allowed.includes(scope) ? [scope] : expandScopes([scope])));
    const scopes = [...new Set(kept)].filter((scope) => allowed.includes(scope));
    if (wanted.length > 0 && scopes.length === 0) throw new InvalidGrantError('The user has lost all granted scopes');
    return scopes;
  }

  /** The new refresh token has all scopes that were granted (RFC 6749 §6), and the end of the session. */
  private issue(
    payload: TokenPayload,
    session: Session,
    { number, madeAt }: { readonly number: number; readonly madeAt: number },
    { scopes, granted, kept }: SuccessorContents,
  ): IssuedLogin {
    const { issuer, clock } = this.parts;
    const data = issuer.applicationClaims(payload);
    const end = this.endOf(payload, session);
    const accessLifetime = payload.access_lifetime as number;
    const lifetime = Math.min(accessLifetime, end - clock() / 1000);
    const access = issuer.access({ data, scopes, lifetime, end, claims: { ...writeSession(session), ...kept } });
    const refresh = issuer.refresh({
      data,
      scopes: granted,
      times: { iat: Math.floor(madeAt / 1000), exp: end },
      claims: { ...kept, ...refreshClaims(session, accessLifetime, number) },
    });
    const response = toTokenResponse(access, lifetime, scopes, refresh);
    return { response, access, refresh, endsWithBrowser: endsWithBrowser(payload) };
  }
}

function invalid(): InvalidGrantError {
  return new InvalidGrantError('The refresh token is invalid or has expired');
}
