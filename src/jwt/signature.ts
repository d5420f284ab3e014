import { constants, createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import { type Algorithm, hashBits, isHmac } from './keys/algorithm';

/**
 * Whether a key made a signature (RFC 7518 §3, RFC 8037 §3.1). A signature of the wrong length is not an error.
 *
 * @param signingInput - The signed text, in ASCII.
 */
export function verifySignature(
  signature: Buffer,
  signingInput: string,
  key: KeyObject,
  algorithm: Algorithm,
): boolean {
  if (algorithm === 'EdDSA') return verify(null, Buffer.from(signingInput), key, signature);
  const hash = `sha${hashBits(algorithm)}`;
  if (isHmac(algorithm)) return isEqual(createHmac(hash, key).update(signingInput).digest(), signature);
  if (!hasLength(signature, key)) return false;
  return verify(hash, Buffer.from(signingInput), withParameters(key, algorithm), signature);
}

/** An RSA signature is as long as the modulus (RFC 8017 §8.1.2, §8.2.2); OpenSSL accepts one without a leading zero byte. */
function hasLength(signature: Buffer, key: KeyObject): boolean {
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  return modulusLength === undefined || signature.length === Math.ceil(modulusLength / 8);
}

/** Signs with Ed25519 (RFC 8037 §3.1), which jsonwebtoken does not support. */
export function signEdDsa(signingInput: string, key: KeyObject): Buffer {
  return sign(null, Buffer.from(signingInput), key);
}

function isEqual(expected: Buffer, actual: Buffer): boolean {
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** ECDSA signatures are the two numbers themselves (RFC 7518 §3.4); the salt of PSS is as long as the hash (§3.5). */
function withParameters(key: KeyObject, algorithm: Algorithm): Parameters<typeof verify>[2] {
  if (algorithm.startsWith('ES')) return { key, dsaEncoding: 'ieee-p1363' };
  if (algorithm.startsWith('PS')) {
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }
  return key;
}
