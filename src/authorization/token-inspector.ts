import type { Authenticator } from '../authentication/authenticator';
import type { AuthError } from '../errors/auth-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { NotAuthenticatedCode } from '../errors/not-authenticated-error';
import type { TokenVerifier } from '../jwt/token-verifier';
import { type RevocationService, revocationReason } from '../sessions/revocations';
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

  user(token: string): MaybePromise<User> {
    return chain(this.authenticator.authenticateToken(token), ({ authentication, error: errorFor }) => {
      if (errorFor) throw this.exceptions.replace(errorFor);
      return authentication.user;
    });
  }

  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    const verification = this.verifier.verify(token);
    if (!verification.payload) throw this.error(verification.fault, verification.reason);
    const revoked = await this.revocations?.status(token, verification.payload);
    if (revoked?.token || revoked?.session) throw this.error('token_revoked', revocationReason(revoked));
    return hasScopes(verification.scopes, { allOf: [scopes].flat(), anyOf: [] });
  }

  private error(code: NotAuthenticatedCode, reason: string | undefined): AuthError {
    return this.exceptions.replace(this.exceptions.notAuthenticated(code, reason));
  }
}
