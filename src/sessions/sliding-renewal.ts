import type { TokenCookie } from '../http/cookies/token-cookie';
import type { RequestContext } from '../http/request-context';
import { beforeHeaders, isDenied } from '../http/response-headers';
import { foreignIssuerOf } from '../jwt/issuers/foreign-issuer';
import type { ScopeClaim } from '../jwt/scope-claim';
import type { TokenPayload } from '../jwt/token-payload';
import type { Clock } from '../util/clock';
import { endsWithBrowser, keptClaims, readSession, writeSession } from './registry/session-claims';
import type { SessionRegistry } from './registry/session-registry';
import type { SecurityStamp } from './security-stamp';
import type { TokenIssuer } from './token-issuer';

export interface SlidingDependencies {
  readonly issuer: TokenIssuer;
  readonly cookie: TokenCookie;
  /** Undefined without a store. */
  readonly registry: SessionRegistry | undefined;
  /** Undefined if nothing about a user ends their logins. */
  readonly stamp: SecurityStamp | undefined;
  readonly scopeClaim: ScopeClaim;
  readonly clock: Clock;
  /** Seconds since the login after which it is not renewed any more. */
  readonly slidingExpiry: number;
}

/** Renews cookie logins while they are used: once half of the cookie's life has passed. */
export class SlidingRenewal {
  constructor(private readonly parts: SlidingDependencies) {}

  /** Returns whether a login is due to be renewed. */
  isDue(payload: TokenPayload): boolean {
    const now = this.parts.clock() / 1000;
    const { iat, exp } = payload;
    if (foreignIssuerOf(payload) !== undefined) return false;
    if (iat === undefined || now >= exp || this.endOf(payload) <= exp) return false;
    const life = endsWithBrowser(payload) ? exp - iat : this.parts.cookie.ageFor(exp - iat);
    return now >= iat + life / 2;
  }

  /**
   * Prolongs the session, and has the response set a new cookie, unless the request is refused or the handler has set or
   * cleared the cookie itself.
   *
   * @param user - Whose login it is, as loaded for the request.
   */
  async renew(context: RequestContext, payload: TokenPayload, user: unknown): Promise<void> {
    const { response } = context;
    if (!response || response.headersSent) return;
    const claims = { ...renewedClaims(payload), ...this.parts.stamp?.claimsOf(user) };
    const { iat = 0, exp } = payload;
    const now = this.parts.clock() / 1000;
    const wanted = Math.min(now + exp - iat, this.endOf(payload));
    const session = readSession(payload);
    if (this.parts.registry && !session) return; // nothing could end the renewed cookies together
    const isRecorded = this.parts.registry && session?.isRecorded;
    const prolonged = isRecorded ? await this.parts.registry?.prolong(session, wanted * 1000) : wanted * 1000;
    if (!prolonged || response.headersSent) return;
    const end = Math.min(wanted, prolonged / 1000);
    beforeHeaders(response, () => {
      if (isDenied(context) || this.parts.cookie.isSetBy(response)) return;
      const issued = this.parts.issuer.access({
        data: this.parts.issuer.applicationClaims(payload),
        scopes: this.parts.scopeClaim.isIn(payload) ? this.parts.scopeClaim.read(payload) : undefined,
        lifetime: exp - iat,
        end,
        claims,
      });
      this.parts.cookie.write(response, issued.token, issued.exp - now, { session: endsWithBrowser(payload) });
    });
  }

  /** Seconds since the epoch. */
  private endOf(payload: TokenPayload): number {
    return loginTimeOf(payload) / 1000 + this.parts.slidingExpiry;
  }
}

/** Returns milliseconds. A token that does not say when its login was began it. */
function loginTimeOf({ login_at: loginAt, iat = 0 }: TokenPayload): number {
  return typeof loginAt === 'number' ? loginAt : iat * 1000;
}

function renewedClaims(payload: TokenPayload): Record<string, unknown> {
  const session = readSession(payload);
  return { ...(session ? writeSession(session) : { login_at: loginTimeOf(payload) }), ...keptClaims(payload) };
}
