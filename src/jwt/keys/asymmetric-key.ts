import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from './algorithm';
import { invalidKey } from './invalid-key';
import type { Key } from './key';

const SMALLEST_RSA_MODULUS = 2048; // bits, RFC 7518 §3.3

/**
 * Creates a key from a private key, which signs and verifies, or from a public key, which only verifies.
 *
 * @param kid - Default: the thumbprint of the public key.
 * @throws {@link ConfigurationError} for a weak RSA key.
 */
export function asymmetricKey(key: KeyObject, algorithm: Algorithm, kid?: string): Key {
  assertModulusLength(key);
  const isPrivate = key.type === 'private';
  const verificationKey = isPrivate ? createPublicKey(key) : key;
  return {
    algorithm,
    signingKey: isPrivate ? key : undefined,
    verificationKey,
    kid: kid ?? thumbprint(verificationKey),
    hasConfiguredKid: kid !== undefined,
  };
}

function assertModulusLength({ asymmetricKeyDetails: { modulusLength } = {} }: KeyObject): void {
  if (modulusLength === undefined || modulusLength >= SMALLEST_RSA_MODULUS) return;
  throw invalidKey(
    `The RSA key has ${modulusLength} bits and needs at least ${SMALLEST_RSA_MODULUS} (RFC 7518 §3.3); make a new one`,
  );
}

/** Returns the SHA-256 thumbprint of a public key (RFC 7638, RFC 8037 §2). */
function thumbprint(publicKey: KeyObject): string {
  const { kty, crv, e, n, x, y } = publicKey.export({ format: 'jwk' });
  const required = { RSA: { e, kty, n }, EC: { crv, kty, x, y }, OKP: { crv, kty, x } }[kty as 'RSA' | 'EC' | 'OKP'];
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}
