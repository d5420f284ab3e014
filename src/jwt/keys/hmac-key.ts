import { createSecretKey, type KeyObject } from 'node:crypto';
import { emitLoginWarning } from '../../util/diagnostics';
import { type Algorithm, hashBits } from './algorithm';
import { invalidKey } from './invalid-key';
import type { Key } from './key';
import { isAsymmetricKey } from './key-format';

/**
 * Creates a key from an HMAC secret.
 *
 * @throws {@link ConfigurationError} for an empty secret, for an asymmetric key, because others know its public half
 * (CVE-2022-23541, CVE-2023-48223), and in production for a secret shorter than its hash (RFC 7518 §3.2).
 */
export function hmacKey(secret: KeyObject, algorithm: Algorithm, kid?: string): Key {
  const bytes = secret.export();
  assertNotEmpty(bytes);
  assertNotAsymmetric(bytes, algorithm);
  assertKeyLength(bytes, algorithm);
  const key = createSecretKey(bytes);
  return { algorithm, signingKey: key, verificationKey: key, kid, hasConfiguredKid: kid !== undefined };
}

function assertNotEmpty(bytes: Buffer): void {
  if (bytes.toString('latin1').trim() !== '') return;
  throw invalidKey('The secret is empty; set the environment variable that should hold it');
}

/** @throws {@link ConfigurationError} for an asymmetric key, a certificate or a JSON Web Key, however it is encoded. */
export function assertNotAsymmetric(bytes: Buffer, algorithm: Algorithm): void {
  if (!isAsymmetricKey(bytes)) return;
  throw invalidKey(
    `The secret of ${algorithm} is an asymmetric key, a certificate or a JSON Web Key, not an HMAC secret; set the algorithm that fits the key, such as 'RS256' or 'ES256', and pass it as a PEM, or a JWK as an object`,
  );
}

function assertKeyLength(bytes: Buffer, algorithm: Algorithm): void {
  const needed = hashBits(algorithm as Exclude<Algorithm, 'EdDSA'>) / 8;
  if (bytes.length >= needed) return;
  const message = `The secret of ${algorithm} has ${bytes.length} bytes and needs ${needed} (RFC 7518 §3.2); make one with: node -p "require('crypto').randomBytes(${needed}).toString('base64url')"`;
  if (process.env.NODE_ENV === 'production') throw invalidKey(message);
  emitLoginWarning('LOGIN_WEAK_SECRET', message);
}
