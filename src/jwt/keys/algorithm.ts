import { ConfigurationError } from '../../errors/configuration-error';
import { didYouMean } from '../../util/did-you-mean';

/** The signature algorithms of RFC 7518 §3.1, less `none`. */
export const algorithms = [
  'HS256', 'HS384', 'HS512',
  'RS256', 'RS384', 'RS512',
  'PS256', 'PS384', 'PS512',
  'ES256', 'ES384', 'ES512',
] as const; // biome-ignore format: a row a family

/** A signature algorithm (RFC 7518 §3.1). */
export type Algorithm = (typeof algorithms)[number];

/** The curve that each ES algorithm is bound to (RFC 7518 §3.4), by its name in OpenSSL. */
export const curves: Partial<Record<Algorithm, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

export function isHmac(algorithm: Algorithm): boolean {
  return algorithm.startsWith('HS');
}

/** The bits of the algorithm's hash: 256, 384 or 512. */
export function hashBits(algorithm: Algorithm): number {
  return Number(algorithm.slice(2));
}

/** @throws {@link ConfigurationError} for anything but one of the twelve names. */
export function parseAlgorithm(value: unknown): Algorithm {
  const known = algorithms.find((algorithm) => algorithm === value);
  if (known) return known;
  throw new ConfigurationError(
    `algorithm must be one of ${algorithms.join(', ')}.${didYouMean(String(value), algorithms)}`,
  );
}
