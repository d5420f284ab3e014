import type { Authenticator } from '../authentication/authenticator';
import type { Refusal } from '../errors/auth-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import { type NotAuthenticatedCode, NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { Revocations } from '../sessions/revocations';
import { type Eventually, whenReady } from '../util/maybe-promise';
import { hasScopes } from './check-requirement';

/** Answers questions about a token that came in no request. */
export class TokenLogin<User> {
  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly exceptions: CustomExceptions,
    private readonly verifier: TokenVerifier,
    private readonly revocations: Revocations | undefined,
  ) {}

  user(token: string): Eventually<User> {
    return whenReady(this.authenticator.ofToken(token), ({ authentication, refusal }) => {
      if (refusal) throw this.exceptions.replace(refusal);
      return authentication.user;
    });
  }

  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    const verification = this.verifier.verify(token);
    if (!verification.payload) throw this.refusal(verification.fault);
    const revoked = await this.revocations?.standingOf(token, verification.payload);
    if (revoked?.token || revoked?.session) throw this.refusal('token_revoked');
    return hasScopes(verification.scopes, { allOf: [scopes].flat(), anyOf: [] });
  }

  private refusal(code: NotAuthenticatedCode): Refusal {
    return this.exceptions.replace(new NotAuthenticatedError(undefined, { code }));
  }
}
