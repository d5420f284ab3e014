import type { MaybePromise } from '../util/maybe-promise';
import { acceptPayload, acceptTimes } from './claims/accept-payload';
import type { ClaimOptions } from './claims/claims';
import { checkTimes, type TimeOptions } from './claims/times';
import type { KeySet } from './keys/key-set';
import type { ScopeClaim } from './scope-claim';
import type { TokenPayload } from './token-payload';
import type { TokenType } from './token-type';
import { invalid, type VerificationResult } from './verification-result';
import type { VerifiedTokenCache } from './verified-token-cache';
import { verifyToken } from './verify-token';

/** The rules of a verifier. */
export interface VerifyOptions extends ClaimOptions {
  readonly scopeClaim: ScopeClaim;
}

/** Verifies access tokens, of whichever issuer. */
export interface AccessTokenVerifier {
  /**
   * Verifies an access token: at once, unless something must be fetched for it.
   *
   * @throws `ServiceUnavailableError`, in a promise, if that cannot be fetched.
   */
  verify(token: unknown): MaybePromise<VerificationResult>;
  /** Returns the payload of a genuine token, even if it has expired. */
  verifyIgnoringTimes(token: unknown, type: 'access'): MaybePromise<TokenPayload | undefined>;
}

/** Verifies the tokens of one manager. Valid access tokens are cached; invalid ones are not. */
export class TokenVerifier implements AccessTokenVerifier {
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
    const payload = verifyToken(token, 'access', this.keys, this.options);
    if (typeof payload === 'string') return invalid(payload);
    const verified = acceptPayload(payload, now, this.options);
    if (verified.payload === undefined) return verified;
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
    const payload = verifyToken(token, type, this.keys, this.options);
    if (typeof payload === 'string') return invalid(payload);
    const scopeClaim = type === 'one-time' ? undefined : this.options.scopeClaim;
    return acceptTimes(payload, this.options.clock(), this.ownTimes, scopeClaim);
  }
}
