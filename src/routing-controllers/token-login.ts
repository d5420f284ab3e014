import type { Authenticator } from '../authentication/authenticator';
import { hasScopes } from '../authentication/authorize';
import { NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { ScopeClaim } from '../jwt/scope-claim';
import type { Verification } from '../jwt/verify-token';
import { type Eventually, whenReady } from '../maybe-promise';
import type { Gate } from './gate';

/** Answers questions about a token that came in no request. */
export class TokenLogin<User> {
  constructor(
    private readonly authenticator: Authenticator<User>,
    private readonly gate: Gate<User>,
    private readonly verify: (token: string) => Verification,
    private readonly scopeClaim: ScopeClaim,
  ) {}

  user(token: string): Eventually<User> {
    return whenReady(this.authenticator.ofToken(token), ({ authentication, refusal }) => {
      if (refusal) throw this.gate.exceptionOf(refusal);
      return authentication.user;
    });
  }

  hasScopes(token: string, scopes: string | readonly string[]): boolean {
    const verification = this.verify(token);
    if ('fault' in verification)
      throw this.gate.exceptionOf(new NotAuthenticatedError(undefined, { code: verification.fault }));
    return hasScopes(this.scopeClaim.read(verification.payload), { allOf: [scopes].flat(), anyOf: [] });
  }
}
