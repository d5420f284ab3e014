import type { Action } from 'routing-controllers';
import { InvalidGrantError, InvalidScopeError } from '../errors/oauth2-error';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { UserSource } from '../users/dependency';
import type { Clock } from '../util/clock';
import type { RevocationService } from './revocations';
import { readSession } from './session-claims';
import type { TokenIssuer, TokenResponse } from './token-issuer';

/** What a manager puts together so that tokens can be refreshed. */
export interface RotationDependencies {
  readonly issuer: TokenIssuer;
  readonly revocations: RevocationService;
  readonly verifier: TokenVerifier;
  readonly users: UserSource;
  readonly clock: Clock;
}

/** Exchanges refresh tokens, each for one new pair of tokens (RFC 6749 §6, RFC 9700 §4.14). */
export class RefreshTokenRotation {
  constructor(private readonly parts: RotationDependencies) {}

  /**
   * Everything that can fail without harm is tried before the token is used up: only then does it decide between
   * concurrent callers, and between the user and a thief.
   *
   * @param requested - Fewer scopes for the access token; default all.
   * @throws {@link InvalidGrantError} for a token that is not good any more, {@link InvalidScopeError} for a scope that
   * was not granted.
   */
  async refresh(token: string, requested: readonly string[] | undefined, action?: Action): Promise<TokenResponse> {
    const { issuer, revocations, verifier, users } = this.parts;
    const verification = verifier.verifyRefreshToken(token);
    const session = verification.payload && readSession(verification.payload);
    // To the moment, whatever the tolerance: a pair that is made after the end of the family would never live.
    if (!verification.payload || !session || verification.payload.exp * 1000 <= this.parts.clock())
      throw new InvalidGrantError('The refresh token is invalid or has expired');

    const { payload, scopes: granted } = verification;
    const standing = await revocations.status(token, payload);
    if (standing.session) throw new InvalidGrantError('The session has ended');
    if (standing.token) return this.handleReuse(session.id, payload.exp);
    if (!(await users.load({ action, payload }))) throw new InvalidGrantError('The user is not known any more');
    const scopes = requested?.length ? [...new Set(requested)] : granted;
    if (!scopes.every((scope) => granted.includes(scope)))
      throw new InvalidScopeError('The requested scope was not granted');

    if (!(await revocations.revokeToken(token, payload))) return this.handleReuse(session.id, payload.exp);
    return issuer.refreshResponse(payload, session, scopes, granted);
  }

  /** Two have the token, and one of them has stolen it: neither goes on (RFC 9700 §4.14.2). */
  private async handleReuse(family: string, exp: number): Promise<never> {
    await this.parts.revocations.revokeSession(family, exp * 1000);
    throw new InvalidGrantError('The refresh token has been used before; the session has ended');
  }
}
