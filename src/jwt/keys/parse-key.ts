import { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from 'node:crypto';
import { ConfigurationError } from '../../errors/configuration-error';
import { type Algorithm, isHmac } from './algorithm';
import { asymmetricKey } from './asymmetric-key';
import { hmacKey } from './hmac-key';
import type { Key } from './key';
import type { Jwk, PrivateKeySecret, PublicKeySecret, SecretKey } from './secret';

/**
 * Parses one key, once, so that nothing of it is parsed for a request.
 *
 * @throws {@link ConfigurationError} for a key that cannot be read, or that does not fit the algorithm.
 */
export function parseKey(secret: SecretKey, algorithm: Algorithm): Key {
  if (typeof secret === 'string') return fromBytes(Buffer.from(secret), algorithm);
  if (secret instanceof Uint8Array) return fromBytes(Buffer.from(secret), algorithm);
  if (secret instanceof KeyObject) return fromKeyObject(secret, algorithm);
  if (typeof secret === 'object' && secret !== null) {
    if ('kty' in secret) return fromJwk(secret as Jwk, algorithm);
    if ('privateKey' in secret) return fromPrivateKey(secret as PrivateKeySecret, algorithm);
    if ('publicKey' in secret) return fromPublicKey(secret as PublicKeySecret, algorithm);
  }
  throw new ConfigurationError(
    'The secret must be a string or a Buffer (an HMAC secret, or a PEM private key), { privateKey, password? }, { publicKey }, a KeyObject, or a JWK; is the environment variable that should hold it set?',
  );
}

function fromBytes(bytes: Buffer, algorithm: Algorithm): Key {
  return isHmac(algorithm) ? hmacKey(bytes, algorithm) : fromPrivateKey({ privateKey: bytes }, algorithm);
}

function fromPrivateKey(secret: PrivateKeySecret, algorithm: Algorithm): Key {
  assertKnownKeys(secret, ['privateKey', 'password', 'passphrase']);
  if (isHmac(algorithm)) throw wrongAlgorithm(algorithm, 'private');
  const passphrase = secret.password ?? secret.passphrase;
  const key = parseKeyOrThrow(
    () => createPrivateKey({ key: secret.privateKey, passphrase }),
    passphrase === undefined
      ? `${algorithm} needs a private key in PEM (PKCS#1, PKCS#8 or SEC1), and this cannot be read as one; pass an encrypted key as { privateKey, password }, and a public key as { publicKey }`
      : 'The private key cannot be read with this password; is the password right, and the key in PEM?',
  );
  return asymmetricKey(key, algorithm);
}

function fromPublicKey(secret: PublicKeySecret, algorithm: Algorithm): Key {
  assertKnownKeys(secret, ['publicKey']);
  if (isHmac(algorithm)) throw wrongAlgorithm(algorithm, 'public');
  const key = parseKeyOrThrow(
    () => createPublicKey(secret.publicKey),
    'publicKey cannot be read: it must be a public key or a certificate in PEM',
  );
  return asymmetricKey(key, algorithm);
}

function fromKeyObject(key: KeyObject, algorithm: Algorithm, kid?: string): Key {
  if (key.type === 'secret') {
    if (!isHmac(algorithm)) throw wrongAlgorithm(algorithm, 'symmetric');
    return hmacKey(key, algorithm, kid);
  }
  if (isHmac(algorithm)) throw wrongAlgorithm(algorithm, key.type);
  return asymmetricKey(key, algorithm, kid);
}

function fromJwk(jwk: Jwk, algorithm: Algorithm): Key {
  if (jwk.use !== undefined && jwk.use !== 'sig')
    throw new ConfigurationError(
      `The JWK is not for signatures: its use is '${jwk.use}' and must be 'sig' or absent (RFC 7517 §4.2)`,
    );
  if (jwk.alg !== undefined && jwk.alg !== algorithm)
    throw new ConfigurationError(
      `The JWK is for ${jwk.alg} (RFC 7517 §4.4), and algorithm is '${algorithm}': set the two alike`,
    );
  if (jwk.kid !== undefined && (typeof jwk.kid !== 'string' || jwk.kid === ''))
    throw new ConfigurationError('The kid of the JWK must be text that is not empty (RFC 7517 §4.5)');
  const key = parseKeyOrThrow(
    () => keyObjectOf(jwk),
    'The JWK cannot be read: is its kty one of oct, RSA and EC, and is every member there (RFC 7518 §6)?',
  );
  assertKeyOps(jwk, key);
  return fromKeyObject(key, algorithm, jwk.kid);
}

function keyObjectOf(jwk: Jwk): KeyObject {
  if (jwk.kty === 'oct') return createSecretKey(Buffer.from(jwk.k ?? '', 'base64url'));
  return 'd' in jwk
    ? createPrivateKey({ key: { ...jwk }, format: 'jwk' })
    : createPublicKey({ key: { ...jwk }, format: 'jwk' });
}

function assertKeyOps({ key_ops: operations }: Jwk, key: KeyObject): void {
  if (operations === undefined) return;
  const needed = key.type === 'public' ? 'verify' : 'sign';
  if (Array.isArray(operations) && operations.includes(needed)) return;
  throw new ConfigurationError(`The JWK does not allow '${needed}' in its key_ops (RFC 7517 §4.3)`);
}

function assertKnownKeys(secret: object, known: string[]): void {
  const unknown = Object.keys(secret).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigurationError(`The secret has an unknown property '${unknown}' beside ${known.join(', ')}`);
}

/** The cause is left out: OpenSSL's messages help nobody here. */
function parseKeyOrThrow(read: () => KeyObject, message: string): KeyObject {
  try {
    return read();
  } catch {
    throw new ConfigurationError(message);
  }
}

function wrongAlgorithm(algorithm: Algorithm, type: string): ConfigurationError {
  const advice = isHmac(algorithm)
    ? "set algorithm to the one the key is for, such as 'RS256' or 'ES256'"
    : 'pass an RSA or EC key, or set algorithm to one of the HS family';
  return new ConfigurationError(`A ${type} key does not fit ${algorithm}: ${advice}`);
}
