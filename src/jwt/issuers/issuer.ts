import { isPromiseLike, type MaybePromise } from '../../util/maybe-promise';
import { acceptPayload, type PayloadRules } from '../claims/accept-payload';
import type { CompactJws } from '../compact-jws';
import type { Algorithm } from '../keys/algorithm';
import type { TokenPayload } from '../token-payload';
import { invalid, type VerificationResult } from '../verification-result';
import { findHeaderProblem, verifyJws } from '../verify-token';
import { markForeign } from './foreign-issuer';
import type { IssuerSettings } from './parse-issuer';
import type { PublicKeys } from './public-keys';
import type { RemoteKeySet } from './remote-key-set';

/** Verifies the JWTs of one issuer: at once while its keys are known. */
export class Issuer {
  /** @param isForeign - Whether its subjects and sessions are others than the manager's. */
  constructor(
    readonly settings: IssuerSettings,
    private readonly keySet: RemoteKeySet,
    private readonly isForeign: boolean,
  ) {}

  /** Fetches the keys, unless they are known. @throws `ServiceUnavailableError` if that fails. */
  async ready(now: number): Promise<void> {
    await this.keySet.current(now);
  }

  hasAlgorithm(algorithm: unknown): algorithm is Algorithm {
    return this.settings.algorithms.some((one) => one === algorithm);
  }

  /** Verifies a token with its times, and with what the application requires of it. */
  verify(jws: CompactJws, clock: () => number, rules: PayloadRules): MaybePromise<VerificationResult> {
    const accept = (payload: TokenPayload | string): VerificationResult =>
      typeof payload === 'string'
        ? invalid(payload)
        : acceptPayload(payload, clock(), rules, { set: this.keySet, version: this.keySet.version });
    const payload = this.verifyIgnoringTimes(jws, clock());
    return isPromiseLike(payload) ? payload.then(accept) : accept(payload);
  }

  /** Verifies a token, except for its times. Returns the reason of a token that is invalid. */
  verifyIgnoringTimes(jws: CompactJws, now: number): MaybePromise<TokenPayload | string> {
    const problem = findHeaderProblem(jws.header, this, 'access', this.settings.rules);
    if (problem !== undefined) return problem;
    const keys = this.keySet.current(now);
    if (isPromiseLike(keys)) return keys.then((fetched) => this.verifyWith(fetched, jws));
    const result = this.verifyWith(keys, jws);
    if (!isKeyUnknown(result, jws, keys)) return result;
    const again = this.keySet.lookAgain(now);
    return again ? again.then((fetched) => (fetched ? this.verifyWith(fetched, jws) : result)) : result;
  }

  private verifyWith(keys: PublicKeys, jws: CompactJws): TokenPayload | string {
    const { rules, issuer } = this.settings;
    const payload = verifyJws(jws, 'access', keys, rules);
    if (typeof payload !== 'string' && this.isForeign && issuer !== undefined) markForeign(payload, issuer);
    return payload;
  }
}

/** Whether a token may be of a key that the issuer has added since. */
function isKeyUnknown(result: TokenPayload | string, { header }: CompactJws, keys: PublicKeys): boolean {
  return (result === 'kid' || result === 'signature') && !keys.hasKid(header.kid);
}
