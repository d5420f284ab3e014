import type { Clock } from '../util/clock';
import { deepFreeze } from '../util/deep-freeze';
import { type ClaimOptions, checkTimes } from './claims';
import type { KeySet } from './keys/key-set';
import type { ScopeClaim } from './scope-claim';
import type { TokenPayload } from './token-payload';
import type { TokenType } from './token-type';
import type { VerifiedTokenCache } from './verified-token-cache';
import { type VerificationResult, type VerifiedToken, verifyToken } from './verify-token';

const INVALID: VerificationResult = { fault: 'token_invalid' };
const EXPIRED: VerificationResult = { fault: 'token_expired' };

/** What a verifier goes by. */
export interface VerifyOptions extends ClaimOptions {
  readonly scopeClaim: ScopeClaim;
  readonly clock: Clock;
}

/** Verifies the tokens of one manager; what was found good is remembered for a while, what was not is not. */
export class TokenVerifier {
  /** @param cache - Undefined where each token is verified each time. */
  constructor(
    private readonly keys: KeySet,
    private readonly options: VerifyOptions,
    private readonly cache: VerifiedTokenCache | undefined,
  ) {}

  /** The times are checked for a remembered token too. */
  verify(token: unknown): VerificationResult {
    if (typeof token !== 'string') return INVALID;
    const now = this.options.clock();
    const known = this.cache?.get(token, now);
    if (known) return this.withTimeCheck(known, now);
    const verified = this.verifyUncached(token, 'access');
    const verification = verified ? this.withTimeCheck(verified, now) : INVALID;
    if (verified && verification === verified) this.cache?.add(token, verified, now);
    return verification;
  }

  verifyRefreshToken(token: string): VerificationResult {
    return this.verifyOfType(token, 'refresh');
  }

  verifyOneTimeToken(token: string): VerificationResult {
    return this.verifyOfType(token, 'one-time');
  }

  /** Returns the payload of a token that this manager's keys have signed, even if it has expired. */
  verifyIgnoringTimes(token: unknown, type: TokenType): TokenPayload | undefined {
    return typeof token === 'string' ? this.verifyUncached(token, type)?.payload : undefined;
  }

  private verifyOfType(token: unknown, type: TokenType): VerificationResult {
    const verified = typeof token === 'string' ? this.verifyUncached(token, type) : undefined;
    return verified ? this.withTimeCheck(verified, this.options.clock()) : INVALID;
  }

  private verifyUncached(token: string, type: TokenType): VerifiedToken | undefined {
    const payload = verifyToken(token, type, this.keys, this.options);
    return payload && { payload: deepFreeze(payload), scopes: Object.freeze(this.options.scopeClaim.read(payload)) };
  }

  private withTimeCheck(verified: VerifiedToken, now: number): VerificationResult {
    const fault = checkTimes(verified.payload, now, this.options);
    if (fault === undefined) return verified;
    return fault === 'token_expired' ? EXPIRED : INVALID;
  }
}
