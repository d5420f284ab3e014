import type { KeyObject } from 'node:crypto';

/** A PEM private key, and the password it is encrypted with, if it is. */
export interface PrivateKeySecret {
  /** PEM: PKCS#1, PKCS#8 or SEC1. */
  privateKey: string | Buffer;
  /** The password of an encrypted key; `passphrase` is the same. */
  password?: string | Buffer;
  passphrase?: string | Buffer;
}

/** A public key alone: the manager verifies tokens and cannot make them. */
export interface PublicKeySecret {
  /** PEM: SPKI, PKCS#1 or an X.509 certificate. */
  publicKey: string | Buffer;
}

/** A JSON Web Key (RFC 7517, RFC 7518 §6). */
export interface Jwk {
  /** `'oct'`, `'RSA'` or `'EC'`. */
  kty?: string;
  kid?: string;
  use?: string;
  alg?: string;
  key_ops?: string[];
  /** The HMAC secret of an `oct` key, base64url. */
  k?: string;
  /** Of an RSA key. */
  n?: string;
  e?: string;
  /** Of an EC key. */
  crv?: string;
  x?: string;
  y?: string;
  /** Of a private key; so are the next. */
  d?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
}

/** One key: an HMAC secret or a PEM private key as text or bytes, a key with its password, a `KeyObject`, or a JWK. */
export type SecretKey = string | Buffer | PrivateKeySecret | PublicKeySecret | KeyObject | Jwk;

/** One key, or several: the first signs, all verify, so that keys can be changed while old tokens live on. */
export type Secret = SecretKey | readonly SecretKey[];
