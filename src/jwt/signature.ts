import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { type Algorithm, hashBits } from './keys/algorithm';

/**
 * Whether this key made this signature (RFC 7518 §3). A signature of the wrong length is simply wrong.
 *
 * @param signed - What was signed, in ASCII.
 */
export function verifySignature(signature: Buffer, signed: string, key: KeyObject, algorithm: Algorithm): boolean {
  const hash = `sha${hashBits(algorithm)}`;
  if (algorithm.startsWith('HS')) return isEqual(createHmac(hash, key).update(signed).digest(), signature);
  return verify(hash, Buffer.from(signed), verifyingKey(key, algorithm), signature);
}

function isEqual(expected: Buffer, actual: Buffer): boolean {
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** ECDSA signatures are the two numbers themselves (RFC 7518 §3.4); the salt of PSS is as long as the hash (§3.5). */
function verifyingKey(key: KeyObject, algorithm: Algorithm): Parameters<typeof verify>[2] {
  if (algorithm.startsWith('ES')) return { key, dsaEncoding: 'ieee-p1363' };
  if (algorithm.startsWith('PS')) {
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }
  return key;
}
