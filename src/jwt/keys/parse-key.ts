import { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from 'node:crypto';
import { copyOwnProperties } from '../../util/own-properties';
import { assertKnownKeys } from '../../util/validate';
import { type Algorithm, isHmac } from './algorithm';
import { asymmetricKey } from './asymmetric-key';
import { hmacKey } from './hmac-key';
import { invalidKey } from './invalid-key';
import { isUsableJwk, parseJwk } from './jwk';
import type { Key } from './key';
import { chooseAlgorithm } from './key-algorithm';
import { isPem, normalizePem } from './key-format';
import type { Jwk, JwkSet, PrivateKeySecret, PublicKeySecret, SecretKey } from './secret';

/**
 * Parses one secret, once, so that nothing of it is parsed for a request. A JWK Set can have several keys.
 *
 * @throws {@link ConfigurationError} for a key that cannot be read, or that does not fit an algorithm.
 */
export function parseKeys(secret: SecretKey, allowed: readonly Algorithm[]): readonly Key[] {
  if (typeof secret === 'string') return [fromBytes(Buffer.from(secret), allowed)];
  if (secret instanceof Uint8Array) return [fromBytes(Buffer.from(secret), allowed)];
  if (secret instanceof KeyObject) return [fromKeyObject(secret, allowed)];
  if (typeof secret === 'object' && secret !== null && !Array.isArray(secret)) {
    const own = copyOwnProperties<object>(secret);
    if ('kty' in own) return [fromJwk(own as Jwk, allowed)];
    if ('keys' in own) return fromJwkSet(own as JwkSet, allowed);
    if ('privateKey' in own) return [fromPrivateKey(own as PrivateKeySecret, allowed)];
    if ('publicKey' in own) return [fromPublicKey(own as PublicKeySecret, allowed)];
  }
  throw invalidKey(
    'The secret is missing or of an unknown form; pass a string or a Buffer (an HMAC secret, or a PEM private key), { privateKey, password? }, { publicKey }, a KeyObject, a JWK or a JWK Set, and check the environment variable that should hold it',
  );
}

function fromBytes(bytes: Buffer, allowed: readonly Algorithm[]): Key {
  const isHmacSecret = allowed.some(isHmac) && (allowed.every(isHmac) || !isPem(bytes));
  return isHmacSecret ? fromKeyObject(createSecretKey(bytes), allowed) : fromPrivateKey({ privateKey: bytes }, allowed);
}

function fromKeyObject(key: KeyObject, allowed: readonly Algorithm[], jwk?: Jwk): Key {
  const kid = jwk?.kid;
  const algorithm = chooseAlgorithm(key, allowed, jwk?.alg);
  return isHmac(algorithm) ? hmacKey(key, algorithm, kid) : asymmetricKey(key, algorithm, kid);
}

function fromPrivateKey(secret: PrivateKeySecret, allowed: readonly Algorithm[]): Key {
  assertKnownKeys(secret, ['privateKey', 'password', 'passphrase'], 'The secret { privateKey }');
  const { privateKey } = secret;
  if (privateKey instanceof KeyObject) return fromPrivateKeyObject(privateKey, allowed);
  const key = normalizePem(privateKey);
  const passphrase = secret.password ?? secret.passphrase;
  return fromKeyObject(
    parseKeyOrThrow(
      () => createPrivateKey({ key, passphrase }),
      () => describePrivateKeyProblem(String(key), passphrase !== undefined),
    ),
    allowed,
  );
}

function fromPrivateKeyObject(key: KeyObject, allowed: readonly Algorithm[]): Key {
  if (key.type === 'private') return fromKeyObject(key, allowed);
  throw invalidKey(
    `{ privateKey } has a ${key.type} key, which cannot sign; pass the private key, or a public one as { publicKey }`,
  );
}

function fromPublicKey(secret: PublicKeySecret, allowed: readonly Algorithm[]): Key {
  assertKnownKeys(secret, ['publicKey'], 'The secret { publicKey }');
  const { publicKey } = secret;
  if (publicKey instanceof KeyObject) return fromKeyObject(toPublicKey(publicKey), allowed);
  if (typeof publicKey === 'object' && publicKey !== null && !(publicKey instanceof Uint8Array)) {
    const jwk = copyOwnProperties(publicKey);
    return fromKeyObject(toPublicKey(parseJwk(jwk, allowed)), allowed, jwk);
  }
  return fromKeyObject(
    parseKeyOrThrow(
      () => createPublicKey(normalizePem(publicKey)),
      () => 'publicKey cannot be read; it must be a public key or a certificate in PEM, a KeyObject, or a JWK',
    ),
    allowed,
  );
}

/** A private key as `publicKey` verifies only, as the application said. */
function toPublicKey(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}

function fromJwk(jwk: Jwk, allowed: readonly Algorithm[]): Key {
  return fromKeyObject(parseJwk(jwk, allowed), allowed, jwk);
}

function fromJwkSet({ keys }: JwkSet, allowed: readonly Algorithm[]): readonly Key[] {
  if (!Array.isArray(keys) || !keys.every((jwk) => typeof jwk === 'object' && jwk !== null))
    throw invalidKey('The keys of the JWK Set are not an array of JWKs (RFC 7517 §5.1); pass { keys: [ … ] }');
  const usable = keys.map(copyOwnProperties).filter((jwk) => isUsableJwk(jwk, allowed));
  if (usable.length > 0) return usable.map((jwk) => fromJwk(jwk, allowed));
  throw invalidKey(
    `No key of the JWK Set is a signature key for ${allowed.join(' or ')}; add one, or set algorithm to that of its keys`,
  );
}

function describePrivateKeyProblem(pem: string, hasPassword: boolean): string {
  if (hasPassword)
    return 'The private key cannot be read with this password; check the password, and that the key is in PEM';
  if (/-----BEGIN ([A-Z0-9]+ )*(PUBLIC KEY|CERTIFICATE)-----/.test(pem))
    return 'The secret is a public key or a certificate, which cannot sign; pass the private key, or { publicKey } for a manager that only verifies';
  if (/ENCRYPTED/.test(pem)) return 'The private key is encrypted; pass an encrypted key as { privateKey, password }';
  if (/-----BEGIN .*-----./.test(pem))
    return 'The PEM of the private key is on one line; keep its line breaks, as line ends or as literal \\n';
  return "The secret cannot be read as a private key in PEM (PKCS#1, PKCS#8 or SEC1); pass a complete PEM, or set algorithm to 'HS256' for an HMAC secret";
}

/** The cause is left out: OpenSSL's messages help nobody, and may quote the input. */
function parseKeyOrThrow(parse: () => KeyObject, problem: () => string): KeyObject {
  try {
    return parse();
  } catch {
    throw invalidKey(problem());
  }
}
