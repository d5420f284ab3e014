import { deepFreeze } from '../util/json-object';
import { areClaimsAccepted } from './accept-claims';
import type { ClaimOptions } from './claims';
import type { KeySet } from './keys/key-set';
import type { ScopeClaim } from './scope-claim';
import { checkTimes, type TimeOptions } from './times';
import type { TokenPayload } from './token-payload';
import type { TokenType } from './token-type';
import {
  invalid,
  type TokenTimes,
  type VerificationFailure,
  type VerificationResult,
  type VerifiedToken,
} from './verification-result';
import type { VerifiedTokenCache } from './verified-token-cache';
import { verifyToken } from './verify-token';

/** The rules of a verifier. */
export interface VerifyOptions extends ClaimOptions {
  readonly scopeClaim: ScopeClaim;
}

/** Verifies the tokens of one manager. Valid access tokens are cached; invalid ones are not. */
export class TokenVerifier {
  private readonly ownTimes: TimeOptions;

  /** @param cache - Undefined if each token is verified each time. */
  constructor(
    private readonly keys: KeySet,
    private readonly options: VerifyOptions,
    private readonly cache: VerifiedTokenCache | undefined,
  ) {
    this.ownTimes = { clockTolerance: options.clockTolerance, maxTokenAge: undefined };
  }

  /** Verifies an access token. The times of a cached token are checked too. */
  verify(token: unknown): VerificationResult {
    if (typeof token !== 'string') return invalid('malformed');
    const now = this.options.clock();
    const cached = this.cache?.get(token, now);
    if (cached) return checkTimes(cached.times, now, this.options) ?? cached;
    const verified = this.verifyUncached(token, 'access', now, this.options);
    if (verified.payload === undefined) return verified;
    const { acceptClaims } = this.options;
    if (acceptClaims && !areClaimsAccepted(acceptClaims, verified.payload)) return invalid('acceptClaims');
    this.cache?.add(token, verified, now);
    return verified;
  }

  /** Verifies a refresh token. */
  verifyRefreshToken(token: unknown): VerificationResult {
    return this.verifyOfType(token, 'refresh');
  }

  /** Verifies a one-time token. */
  verifyOneTimeToken(token: unknown): VerificationResult {
    return this.verifyOfType(token, 'one-time');
  }

  /** Returns the payload of a token that this manager's keys have signed, even if it has expired. */
  verifyIgnoringTimes(token: unknown, type: TokenType): TokenPayload | undefined {
    if (typeof token !== 'string') return undefined;
    const payload = verifyToken(token, type, this.keys, this.options);
    return typeof payload === 'string' ? undefined : payload;
  }

  private verifyOfType(token: unknown, type: TokenType): VerificationResult {
    if (typeof token !== 'string') return invalid('malformed');
    return this.verifyUncached(token, type, this.options.clock(), this.ownTimes);
  }

  private verifyUncached(
    token: string,
    type: TokenType,
    now: number,
    times: TimeOptions,
  ): VerifiedToken | VerificationFailure {
    const payload = verifyToken(token, type, this.keys, this.options);
    if (typeof payload === 'string') return invalid(payload);
    const { exp, nbf, iat } = payload;
    const own: TokenTimes = { exp, nbf, iat };
    const failure = checkTimes(own, now, times);
    if (failure) return failure;
    const scopes = Object.freeze(this.options.scopeClaim.read(payload));
    return { payload: deepFreeze(payload), scopes, times: own };
  }
}
