import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ConfigurationError } from '../../errors/configuration-error';
import { type Algorithm, hashBits } from './algorithm';
import type { Key } from './key';

/**
 * A symmetric key from an HMAC secret. It has no `kid` of its own: one derived from the secret would be a hash that an
 * attacker can work on offline.
 *
 * @throws {@link ConfigurationError} for an empty secret, for one that is really an asymmetric key (whose public half
 * others know: CVE-2022-23541, CVE-2023-48223), and in production for one shorter than its hash (RFC 7518 §3.2).
 */
export function hmacKey(secret: Buffer | KeyObject, algorithm: Algorithm, kid?: string): Key {
  const bytes = Buffer.isBuffer(secret) ? secret : secret.export();
  assertNotEmpty(bytes);
  assertNotAsymmetric(bytes, algorithm);
  assertKeyLength(bytes, algorithm);
  const key = createSecretKey(bytes);
  return { signingKey: key, verificationKey: key, kid };
}

function assertNotEmpty(bytes: Buffer): void {
  if (bytes.toString('latin1').trim() !== '') return;
  throw new ConfigurationError('The secret is empty: is the environment variable that should hold it set?');
}

function assertNotAsymmetric(bytes: Buffer, algorithm: Algorithm): void {
  if (!looksLikePem(bytes) && !looksLikeJwk(bytes) && !isDer(bytes)) return;
  throw new ConfigurationError(
    `The secret of ${algorithm} is an asymmetric key, a certificate or a JSON Web Key, not an HMAC secret: set the algorithm that fits the key, such as 'RS256' or 'ES256', and pass a JWK as an object`,
  );
}

/** Anywhere in the text: white space, a byte order mark or a comment before it changes nothing. */
function looksLikePem(bytes: Buffer): boolean {
  return /-----BEGIN |---- BEGIN SSH2 |\b(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+) AAAA/.test(asciiOf(bytes));
}

function looksLikeJwk(bytes: Buffer): boolean {
  return /\{[\s\S]*"(kty|keys)"\s*:/.test(asciiOf(bytes));
}

/** Readable in UTF-8 and in UTF-16 of either byte order. */
function asciiOf(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\0', '');
}

/** The tag of an ASN.1 SEQUENCE, which is what all keys and certificates are in DER. */
const SEQUENCE = 0x30;

function isDer(bytes: Buffer): boolean {
  if (bytes[0] !== SEQUENCE) return false;
  const readings = [
    () => createPublicKey({ key: bytes, format: 'der', type: 'spki' }),
    () => createPublicKey({ key: bytes, format: 'der', type: 'pkcs1' }),
    () => createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key: bytes, format: 'der', type: 'pkcs1' }),
    () => createPrivateKey({ key: bytes, format: 'der', type: 'sec1' }),
    () => new X509Certificate(bytes),
  ];
  return readings.some((read) => {
    try {
      return Boolean(read());
    } catch {
      return false;
    }
  });
}

function assertKeyLength(bytes: Buffer, algorithm: Algorithm): void {
  const needed = hashBits(algorithm) / 8;
  if (bytes.length >= needed) return;
  const message = `The secret of ${algorithm} has ${bytes.length} bytes and needs ${needed} (RFC 7518 §3.2); make one with: node -p "require('crypto').randomBytes(${needed}).toString('base64url')"`;
  if (process.env.NODE_ENV === 'production') throw new ConfigurationError(message);
  process.emitWarning(message, { type: 'LoginWarning', code: 'LOGIN_WEAK_SECRET' });
}
