import { parseJsonObject } from '../../util/json-object';
import { isPromiseLike, type MaybePromise } from '../../util/maybe-promise';
import type { PayloadRules } from '../claims/accept-payload';
import { checkClock, checkTimes } from '../claims/times';
import { type CompactJws, parseCompactJws } from '../compact-jws';
import type { KeySet } from '../keys/key-set';
import type { TokenPayload } from '../token-payload';
import type { AccessTokenVerifier, TokenVerifier, VerifyOptions } from '../token-verifier';
import { invalid, type VerificationResult } from '../verification-result';
import type { VerifiedTokenCache } from '../verified-token-cache';
import type { Issuer } from './issuer';
import type { TrustedIssuers } from './trusted-issuers';

/** Verifies tokens that are not JWTs. */
export interface OpaqueTokenVerifier {
  verify(token: string): MaybePromise<VerificationResult>;
}

/** What a manager with issuers verifies tokens with. */
export interface IssuersVerifierParts {
  readonly keys: KeySet;
  /** Verifies tokens of the manager's own keys. */
  readonly own: TokenVerifier;
  /** The issuer that is the manager's secret; undefined for a manager with keys of its own. */
  readonly main: Issuer | undefined;
  /** The `iss` of tokens that are the manager's own, whatever `issuers` says; undefined if they have none, or any. */
  readonly ownName: string | undefined;
  readonly issuers: TrustedIssuers;
  /** Undefined if opaque tokens are not accepted. */
  readonly opaque: OpaqueTokenVerifier | undefined;
  /** The one of the manager's own tokens too; undefined if each token is verified each time. */
  readonly cache: VerifiedTokenCache | undefined;
}

/**
 * Verifies tokens of several issuers: their `iss` chooses, exactly, whose keys and rules count. A token without one is of
 * the manager's own.
 */
export class IssuersVerifier implements AccessTokenVerifier {
  constructor(
    private readonly parts: IssuersVerifierParts,
    private readonly options: VerifyOptions,
  ) {}

  verify(token: unknown): MaybePromise<VerificationResult> {
    if (typeof token !== 'string') return invalid('malformed');
    const { clock } = this.options;
    const now = clock();
    const broken = checkClock(now);
    if (broken) return broken;
    const { cache, opaque } = this.parts;
    const cached = cache?.get(token, now);
    if (cached && (!cached.keys || cached.keys.set.isCurrent(cached.keys.version, now)))
      return checkTimes(cached.times, now, this.options) ?? cached;
    const jws = parseCompactJws(token);
    if (!jws) return opaque ? opaque.verify(token) : invalid('malformed');
    const issuer = this.choose(jws);
    if (!issuer) return invalid('issuer');
    if ('verifyRefreshToken' in issuer) return issuer.verify(token);
    return this.remember(token, issuer.verify(jws, clock, this.options satisfies PayloadRules));
  }

  verifyIgnoringTimes(token: unknown): MaybePromise<TokenPayload | undefined> {
    if (typeof token !== 'string') return undefined;
    const jws = parseCompactJws(token);
    if (!jws) return this.verifyOpaque(token);
    const issuer = this.choose(jws);
    if (!issuer) return undefined;
    if ('verifyRefreshToken' in issuer) return issuer.verifyIgnoringTimes(token, 'access');
    const payload = issuer.verifyIgnoringTimes(jws, this.options.clock());
    return isPromiseLike(payload) ? payload.then(toPayload) : toPayload(payload);
  }

  private async verifyOpaque(token: string): Promise<TokenPayload | undefined> {
    return (await this.parts.opaque?.verify(token))?.payload;
  }

  /** Reads the `iss` of a token that is not verified yet: it only chooses who verifies it. */
  private choose({ header, payload }: CompactJws): TokenVerifier | Issuer | undefined {
    const { keys, own, main, ownName, issuers } = this.parts;
    if (keys.isTestKey(header.kid)) return own;
    const iss = parseJsonObject(payload)?.iss;
    const other = typeof iss === 'string' && iss !== ownName ? issuers.find(iss) : undefined;
    if (other) return other;
    if (main) return main; // its rules say which iss it takes
    return iss === undefined || iss === ownName ? own : undefined;
  }

  private remember(token: string, result: MaybePromise<VerificationResult>): MaybePromise<VerificationResult> {
    const add = (verified: VerificationResult): VerificationResult => {
      if (verified.payload !== undefined) this.parts.cache?.add(token, verified, this.options.clock());
      return verified;
    };
    return isPromiseLike(result) ? result.then(add) : add(result);
  }
}

function toPayload(result: TokenPayload | string): TokenPayload | undefined {
  return typeof result === 'string' ? undefined : result;
}
