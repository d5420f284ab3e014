import type { Algorithm } from './algorithm';
import type { Key } from './key';

/** The keys that tokens are verified with. */
export interface VerificationKeys {
  /** Whether tokens of this algorithm are verified at all. */
  hasAlgorithm(algorithm: unknown): algorithm is Algorithm;
  /** Returns the keys to try for a token. */
  keysFor(kid: string | undefined, algorithm: Algorithm): readonly Key[];
}

/**
 * Chooses the keys to try for a token. `kid` is a hint (RFC 7515 §4.1.4): a key that was configured with it decides;
 * otherwise every key that was configured without a `kid` is tried, the one with this thumbprint first.
 */
export function selectKeys(keys: readonly Key[], kid: string | undefined, algorithm: Algorithm): readonly Key[] {
  const candidates = keys.filter((key) => key.algorithm === algorithm);
  if (kid === undefined) return candidates;
  if (keys.some((key) => key.hasConfiguredKid && key.kid === kid))
    return candidates.filter((key) => key.hasConfiguredKid && key.kid === kid);
  const unnamed = candidates.filter((key) => !key.hasConfiguredKid);
  return [...unnamed.filter((key) => key.kid === kid), ...unnamed.filter((key) => key.kid !== kid)];
}
