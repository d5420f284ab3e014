import type { Authenticator } from '../authentication/authenticator';
import type { AuthError } from '../errors/auth-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { NotAuthenticatedCode } from '../errors/not-authenticated-error';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { VerifiedToken } from '../jwt/verification-result';
import { type RevocationService, revocationReason } from '../sessions/registry/revocation-service';
import { chain, type MaybePromise } from '../util/maybe-promise';
import { hasScopes } from './check-requirement';

/** Answers questions about a token that came in no request. */
export class TokenInspector<User> {
  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly exceptions: CustomExceptions,
    private readonly verifier: TokenVerifier,
    private readonly revocations: RevocationService | undefined,
  ) {}

  /** Returns the user of a token. */
  user(token: string): MaybePromise<User> {
    return chain(this.authenticator.authenticateToken(token), ({ authentication, error }) => {
      if (error) throw this.exceptions.replace(error);
      return authentication.user;
    });
  }

  /** Returns the claims of a token that is valid and not revoked. */
  async verify(token: string): Promise<TokenPayload> {
    return (await this.verified(token)).payload;
  }

  /** Whether a token that is valid and not revoked has all these scopes. */
  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    const verified = await this.verified(token);
    return hasScopes(verified.scopes, { allOf: [scopes].flat(), anyOf: [] });
  }

  private async verified(token: string): Promise<VerifiedToken> {
    const verification = this.verifier.verify(token);
    if (!verification.payload) throw this.error(verification.code, verification.reason);
    const status = await this.revocations?.status(token, verification.payload);
    if (status?.revoked) throw this.error('token_revoked', revocationReason(status.revoked));
    return verification;
  }

  private error(code: NotAuthenticatedCode, reason: string | undefined): AuthError {
    return this.exceptions.replace(this.exceptions.notAuthenticated(code, reason));
  }
}
