import type { Clock } from '../util/clock';
import { deepFreeze } from '../util/deep-freeze';
import { type ClaimRules, timeFault } from './claims';
import type { KeyRing } from './keys/key-set';
import type { ScopeClaim } from './scope-claim';
import type { TokenType } from './token-type';
import type { VerifiedTokens } from './verified-token-cache';
import { type Verification, type VerifiedToken, verifiedClaims } from './verify-token';

const INVALID: Verification = { fault: 'token_invalid' };
const EXPIRED: Verification = { fault: 'token_expired' };

/** What a verifier goes by. */
export interface VerifierRules extends ClaimRules {
  readonly scopeClaim: ScopeClaim;
  readonly clock: Clock;
}

/** Verifies the tokens of one manager; what was found good is remembered for a while, what was not is not. */
export class TokenVerifier {
  /** @param known - Undefined where each token is verified each time. */
  constructor(
    private readonly keys: KeyRing,
    private readonly rules: VerifierRules,
    private readonly known: VerifiedTokens | undefined,
  ) {}

  /** The times are checked for a remembered token too. */
  verify(token: unknown): Verification {
    if (typeof token !== 'string') return INVALID;
    const now = this.rules.clock();
    const known = this.known?.get(token, now);
    if (known) return this.timely(known, now);
    const verified = this.verifyNow(token, 'access');
    const verification = verified ? this.timely(verified, now) : INVALID;
    if (verified && verification === verified) this.known?.add(token, verified, now);
    return verification;
  }

  verifyRefreshToken(token: string): Verification {
    const verified = this.verifyNow(token, 'refresh');
    return verified ? this.timely(verified, this.rules.clock()) : INVALID;
  }

  private verifyNow(token: string, type: TokenType): VerifiedToken | undefined {
    const payload = verifiedClaims(token, type, this.keys, this.rules);
    return payload && { payload: deepFreeze(payload), scopes: Object.freeze(this.rules.scopeClaim.read(payload)) };
  }

  private timely(verified: VerifiedToken, now: number): Verification {
    const fault = timeFault(verified.payload, now, this.rules);
    if (fault === undefined) return verified;
    return fault === 'token_expired' ? EXPIRED : INVALID;
  }
}
