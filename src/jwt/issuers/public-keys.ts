import { ConfigurationError } from '../../errors/configuration-error';
import { copyOwnProperties } from '../../util/own-properties';
import type { Algorithm } from '../keys/algorithm';
import { isUsableJwk } from '../keys/jwk';
import type { Key } from '../keys/key';
import { parseKeys } from '../keys/parse-key';
import type { Jwk } from '../keys/secret';
import { selectKeys, type VerificationKeys } from '../keys/verification-keys';
import { UnusableAnswer } from './fetch-json';

/** The most keys of a set that are read. */
const MAX_KEYS = 100;

/** The public keys of an issuer, as they were fetched. Each verifies tokens of one algorithm. */
export class PublicKeys implements VerificationKeys {
  private constructor(
    private readonly keys: readonly Key[],
    private readonly algorithms: readonly Algorithm[],
  ) {}

  /**
   * Parses a JWK Set (RFC 7517 §5). Keys for something else are skipped: of another use, type or algorithm, symmetric and
   * private ones, and weak RSA keys.
   *
   * @throws {@link UnusableAnswer} if no key is left.
   */
  static parse({ keys: jwks }: Record<string, unknown>, algorithms: readonly Algorithm[]): PublicKeys {
    if (!Array.isArray(jwks)) throw new UnusableAnswer('The answer is not a JWK Set');
    const keys = jwks.slice(0, MAX_KEYS).flatMap((jwk: unknown) => parsePublicKey(jwk, algorithms));
    if (keys.length === 0) throw new UnusableAnswer(`The JWK Set has no signature key for ${algorithms.join(' or ')}`);
    return new PublicKeys(keys, algorithms);
  }

  hasAlgorithm(algorithm: unknown): algorithm is Algorithm {
    return this.algorithms.some((one) => one === algorithm);
  }

  keysFor(kid: string | undefined, algorithm: Algorithm): readonly Key[] {
    return selectKeys(this.keys, kid, algorithm);
  }

  /** Whether a key of the set has this `kid`. */
  hasKid(kid: unknown): boolean {
    return this.keys.some((key) => key.hasConfiguredKid && key.kid === kid);
  }

  /** Whether all keys of this set are in another one, so that no token that was accepted is refused now. */
  isWithin(other: PublicKeys): boolean {
    return this.keys.every((key) => other.keys.some((one) => isSameKey(key, one)));
  }
}

function parsePublicKey(value: unknown, algorithms: readonly Algorithm[]): readonly Key[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const jwk = copyOwnProperties(value as Jwk);
  if ('d' in jwk || 'k' in jwk) return []; // whoever reads the set can sign with it
  const algorithm = algorithms.find((one) => isUsableJwk(jwk, [one]));
  if (!algorithm) return [];
  try {
    return parseKeys(jwk, [algorithm]);
  } catch (error) {
    if (error instanceof ConfigurationError) return [];
    throw error;
  }
}

function isSameKey(one: Key, other: Key): boolean {
  return (
    one.algorithm === other.algorithm && one.kid === other.kid && one.verificationKey.equals(other.verificationKey)
  );
}
