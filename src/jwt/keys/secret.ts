import type { KeyObject } from 'node:crypto';

/** A private key, with the password of an encrypted one. */
export interface PrivateKeySecret {
  /** PEM: PKCS#1, PKCS#8 or SEC1; a literal `\n` is read as a line break. Or a `KeyObject`, which needs no password. */
  privateKey: string | Buffer | KeyObject;
  /** The password of an encrypted key. */
  password?: string | Buffer;
  /** The same as `password`. */
  passphrase?: string | Buffer;
}

/**
 * A public key: the manager verifies tokens and cannot create them.
 *
 * @example
 * ```ts
 * new LoginManager({ publicKey: process.env.PUBLIC_KEY }, null, { algorithm: 'RS256' });
 * ```
 */
export interface PublicKeySecret {
  /** PEM (SPKI, PKCS#1 or an X.509 certificate; a literal `\n` is read as a line break), a `KeyObject`, or a JWK. */
  publicKey: string | Buffer | KeyObject | Jwk;
}

/** A JSON Web Key (RFC 7517, RFC 7518 §6, RFC 8037 §2). */
export interface Jwk {
  /** The key type: `'oct'`, `'RSA'`, `'EC'` or `'OKP'`. */
  kty?: string;
  /** The name of the key. A token with this `kid` is verified with this key alone. */
  kid?: string;
  /** The use of the key: `'sig'`, or absent. */
  use?: string;
  /** The one algorithm the key is for. */
  alg?: string;
  /** The operations the key is for: `'sign'` of a private key or a secret, `'verify'` of a public key. */
  key_ops?: string[];
  /** The secret of an `oct` key, in base64url. */
  k?: string;
  /** The modulus of an RSA key. */
  n?: string;
  /** The public exponent of an RSA key. */
  e?: string;
  /** The curve of an EC or OKP key. */
  crv?: string;
  /** The x coordinate of an EC key, or the public key of an OKP key. */
  x?: string;
  /** The y coordinate of an EC key. */
  y?: string;
  /** The private part of a key. */
  d?: string;
  /** The first prime of a private RSA key. */
  p?: string;
  /** The second prime of a private RSA key. */
  q?: string;
  /** The first CRT exponent of a private RSA key. */
  dp?: string;
  /** The second CRT exponent of a private RSA key. */
  dq?: string;
  /** The CRT coefficient of a private RSA key. */
  qi?: string;
}

/** A JSON Web Key Set (RFC 7517 §5). Keys of another use or type than the manager's algorithms are skipped. */
export interface JwkSet {
  /** The keys; the first one that is not skipped signs, if it is private. */
  keys: readonly Jwk[];
}

/** One secret: an HMAC secret or a PEM private key as a string or bytes, a key object, a JWK, or a JWK Set. */
export type SecretKey = string | Buffer | PrivateKeySecret | PublicKeySecret | KeyObject | Jwk | JwkSet;

/** One secret, or several: the first one signs, all verify, so that keys can be rotated while old tokens live on. */
export type Secret = SecretKey | readonly SecretKey[];
