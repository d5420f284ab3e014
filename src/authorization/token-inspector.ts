import type { Authenticator } from '../authentication/authenticator';
import { hasScopes } from '../authentication/authorize';
import { type NotAuthenticatedCode, NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { Refusal } from '../errors/refusal';
import type { TokenPayload } from '../jwt/token-payload';
import type { Verification } from '../jwt/verified-token';
import { type Eventually, whenReady } from '../maybe-promise';
import type { Standing } from '../revocation/revocations';
import type { Gate } from './gate';

/** Answers questions about a token that came in no request. */
export class TokenLogin<User> {
  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly gate: Gate<User>,
    private readonly verify: (token: string) => Verification,
    private readonly standingOf: ((token: string, payload: TokenPayload) => Promise<Standing>) | undefined,
  ) {}

  user(token: string): Eventually<User> {
    return whenReady(this.authenticator.ofToken(token), ({ authentication, refusal }) => {
      if (refusal) throw this.gate.exceptionOf(refusal);
      return authentication.user;
    });
  }

  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    const verification = this.verify(token);
    if (!verification.payload) throw this.refusal(verification.fault);
    const revoked = await this.standingOf?.(token, verification.payload);
    if (revoked?.token || revoked?.session) throw this.refusal('token_revoked');
    return hasScopes(verification.scopes, { allOf: [scopes].flat(), anyOf: [] });
  }

  private refusal(code: NotAuthenticatedCode): Refusal {
    return this.gate.exceptionOf(new NotAuthenticatedError(undefined, { code }));
  }
}
