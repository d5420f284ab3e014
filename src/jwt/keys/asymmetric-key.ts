import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigurationError } from '../../errors/configuration-error';
import { type Algorithm, curves } from './algorithm';
import type { Key } from './key';

const SMALLEST_RSA_MODULUS = 2048; // bits, RFC 7518 §3.3

/**
 * The two halves of an asymmetric key, or the public one alone.
 *
 * @param kid - Default: the key's thumbprint.
 * @throws {@link ConfigurationError} for a key that does not fit the algorithm, and for a weak one.
 */
export function asymmetricKey(key: KeyObject, algorithm: Algorithm, kid?: string): Key {
  assertKeyType(key, algorithm);
  const isPrivate = key.type === 'private';
  const verifying = isPrivate ? createPublicKey(key) : key;
  return { signingKey: isPrivate ? key : undefined, verificationKey: verifying, kid: kid ?? thumbprint(verifying) };
}

function assertKeyType(key: KeyObject, algorithm: Algorithm): void {
  const type = key.asymmetricKeyType;
  const details = key.asymmetricKeyDetails ?? {};
  const curve = curves[algorithm];
  if (curve) {
    if (type !== 'ec' || details.namedCurve !== curve) {
      throw new ConfigurationError(`${algorithm} needs an EC key on the curve ${curve}; this is ${describeKey(key)}`);
    }
    return;
  }
  if (type !== 'rsa')
    throw new ConfigurationError(
      `${algorithm} needs an RSA key (rsaEncryption, which fits RS and PS; no JWK can hold an RSASSA-PSS one); this is ${describeKey(key)}`,
    );
  const bits = details.modulusLength ?? 0;
  if (bits < SMALLEST_RSA_MODULUS) {
    throw new ConfigurationError(
      `The RSA key has ${bits} bits and needs at least ${SMALLEST_RSA_MODULUS} (RFC 7518 §3.3): make a new one`,
    );
  }
}

function describeKey(key: KeyObject): string {
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  return [`a key of type ${key.asymmetricKeyType}`, namedCurve && `on ${namedCurve}`].filter(Boolean).join(' ');
}

/** The SHA-256 thumbprint of the public key (RFC 7638), as its name. */
function thumbprint(publicKey: KeyObject): string {
  const { kty, crv, e, n, x, y } = publicKey.export({ format: 'jwk' });
  const required = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}
