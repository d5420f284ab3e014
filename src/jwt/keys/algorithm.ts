import { didYouMean } from '../../util/did-you-mean';
import { invalidKey } from './invalid-key';

/** The signature algorithms of RFC 7518 §3.1 without `none`, and EdDSA of RFC 8037 §3.1. */
export const algorithms = [
  'HS256', 'HS384', 'HS512',
  'RS256', 'RS384', 'RS512',
  'PS256', 'PS384', 'PS512',
  'ES256', 'ES384', 'ES512',
  'EdDSA',
] as const; // biome-ignore format: a row a family

/** A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1). `'EdDSA'` is Ed25519. */
export type Algorithm = (typeof algorithms)[number];

/** The curve of each ES algorithm (RFC 7518 §3.4), by its name in OpenSSL. */
export const curves: Partial<Record<Algorithm, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

/** Whether an algorithm uses a shared secret. */
export function isHmac(algorithm: Algorithm): boolean {
  return algorithm.startsWith('HS');
}

/** Returns the size of an algorithm's hash: 256, 384 or 512 bits. EdDSA has none to choose. */
export function hashBits(algorithm: Exclude<Algorithm, 'EdDSA'>): number {
  return Number(algorithm.slice(2));
}

/**
 * Parses the option `algorithm`: one name, or an array of names.
 *
 * @throws {@link ConfigurationError} for an unknown name, and for an empty array.
 */
export function parseAlgorithms(value: unknown): readonly Algorithm[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.length === 0) throw invalidKey('algorithm is an empty array; name at least one algorithm');
  return Object.freeze([...new Set(names.map(parseAlgorithm))]);
}

function parseAlgorithm(value: unknown): Algorithm {
  const algorithm = algorithms.find((one) => one === value);
  if (algorithm) return algorithm;
  const suggestion = typeof value === 'string' ? didYouMean(value, algorithms) : '';
  throw invalidKey(`algorithm is not supported; algorithm must be one of ${algorithms.join(', ')}.${suggestion}`);
}
