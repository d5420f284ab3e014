import type { Authenticator } from '../authentication/authenticator';
import { toSendableError } from '../errors/application-error';
import type { AuthError } from '../errors/auth-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { NotAuthenticatedCode } from '../errors/not-authenticated-error';
import type { TokenPayload } from '../jwt/token-payload';
import type { AccessTokenVerifier } from '../jwt/token-verifier';
import type { VerifiedToken } from '../jwt/verification-result';
import { type RevocationService, revocationReason } from '../sessions/registry/revocation-service';
import type { ExpandScopes } from '../util/implied-scopes';
import { invalidArgument } from '../util/validate-arguments';
import { hasScopes } from './check-requirement';

/** Answers questions about a token that did not come with a request. */
export class TokenInspector<User> {
  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly exceptions: CustomExceptions,
    private readonly verifier: AccessTokenVerifier,
    private readonly revocations: RevocationService | undefined,
    private readonly expandScopes: ExpandScopes,
  ) {}

  /** Returns the user of a token. */
  async user(token: string): Promise<User> {
    try {
      const { authentication, error } = await this.authenticator.authenticateToken(token);
      if (error) throw this.exceptions.replace(error);
      return authentication.user;
    } catch (reason) {
      throw toSendableError(reason);
    }
  }

  /** Returns the claims of a token that is valid and not revoked. */
  async verify(token: string): Promise<TokenPayload> {
    return (await this.verified(token)).payload;
  }

  /** Returns whether a token that is valid and not revoked has all these scopes. */
  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    const required: readonly unknown[] = Array.isArray(scopes) ? Array.from(scopes) : [scopes];
    if (!required.every((scope) => typeof scope === 'string')) {
      throw invalidArgument('hasScopes() requires a scope or an array of scopes; check for a circular import');
    }
    return hasScopes(this.expandScopes((await this.verified(token)).scopes), { allOf: required, anyOf: [] });
  }

  private async verified(token: string): Promise<VerifiedToken> {
    const verification = await this.verifier.verify(token);
    if (!verification.payload) throw this.error(verification.code, verification.reason);
    const status = await this.revocations?.status(token, verification.payload);
    if (status?.revoked) throw this.error('token_revoked', revocationReason(status.revoked));
    return verification;
  }

  private error(code: NotAuthenticatedCode, reason: string | undefined): AuthError {
    return this.exceptions.replace(this.exceptions.notAuthenticated(code, reason));
  }
}
