import { ScopeClaim } from '../../src/jwt/scope-claim';
import type { VerifyOptions } from '../../src/jwt/token-verifier';
import type { Clock } from '../../src/util/clock';

/** The options of a verifier that requires no more than a manager without options does, but for these. */
export function verifyOptions(clock: Clock, options: Partial<VerifyOptions> = {}): VerifyOptions {
  return {
    issuer: undefined,
    audience: undefined,
    clockTolerance: 0,
    maxTokenAge: undefined,
    tokenProfile: undefined,
    acceptClaims: undefined,
    scopeClaim: new ScopeClaim('scopes'),
    clock,
    ...options,
  };
}
