import { createPrivateKey, createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type Algorithm, curves, isHmac } from './algorithm';
import { assertNotAsymmetric } from './hmac-key';
import { invalidKey } from './invalid-key';
import type { Jwk } from './secret';

/**
 * Returns the key of a JWK.
 *
 * @param jwk - Its own properties alone.
 * @throws {@link ConfigurationError} for a JWK that cannot be read, or is for something else than these algorithms.
 */
export function parseJwk(jwk: Jwk, allowed: readonly Algorithm[]): KeyObject {
  if (jwk.use !== undefined && jwk.use !== 'sig')
    throw invalidKey(
      `The JWK is not for signatures, its use is '${jwk.use}'; use must be 'sig' or absent (RFC 7517 §4.2)`,
    );
  if (jwk.alg !== undefined && !allowed.some((algorithm) => algorithm === jwk.alg))
    throw invalidKey(
      `The JWK is for ${jwk.alg} (RFC 7517 §4.4) and the option algorithm is '${allowed.join("', '")}'; set both to the same`,
    );
  if (jwk.kid !== undefined && (typeof jwk.kid !== 'string' || jwk.kid === ''))
    throw invalidKey('The kid of the JWK is not a non-empty string (RFC 7517 §4.5); correct or omit it');
  const key = jwk.kty === 'oct' ? parseSecret(jwk, allowed) : parseAsymmetric(jwk);
  if (!allowsOperation(jwk, key.type !== 'public'))
    throw invalidKey(
      `The JWK does not allow '${key.type === 'public' ? 'verify' : 'sign'}' in its key_ops (RFC 7517 §4.3); correct or omit them`,
    );
  return key;
}

/** Whether a member of a JWK Set is a key for these algorithms; others are skipped (RFC 7517 §5). */
export function isUsableJwk(jwk: Jwk, allowed: readonly Algorithm[]): boolean {
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  if (!allowsOperation(jwk, 'd' in jwk || jwk.kty === 'oct')) return false;
  return allowed.some((algorithm) => (jwk.alg === undefined || jwk.alg === algorithm) && hasTypeFor(jwk, algorithm));
}

/** The names of the curves in JWKs (RFC 7518 §6.2.1.1), by those of OpenSSL. */
const curveNames: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function hasTypeFor({ kty, crv }: Jwk, algorithm: Algorithm): boolean {
  if (isHmac(algorithm)) return kty === 'oct';
  if (algorithm === 'EdDSA') return kty === 'OKP' && crv === 'Ed25519';
  const curve = curves[algorithm];
  return curve === undefined ? kty === 'RSA' : kty === 'EC' && crv === curveNames[curve];
}

function allowsOperation({ key_ops: operations }: Jwk, canSign: boolean): boolean {
  return operations === undefined || (Array.isArray(operations) && operations.includes(canSign ? 'sign' : 'verify'));
}

/** `k` is base64url (RFC 7518 §6.4.1); another encoding would be decoded to another, shorter secret. */
function parseSecret({ k = '' }: Jwk, allowed: readonly Algorithm[]): KeyObject {
  if (typeof k !== 'string')
    throw invalidKey('The k of the JWK is not a string; it must be the secret in base64url (RFC 7518 §6.4.1)');
  assertNotAsymmetric(Buffer.from(k), allowed.find(isHmac) ?? 'HS256');
  if (!/^[\w-]*={0,2}$/.test(k))
    throw invalidKey('The k of the JWK is not base64url (RFC 7518 §6.4.1); encode the secret so');
  return createSecretKey(Buffer.from(k, 'base64url'));
}

function parseAsymmetric(jwk: Jwk): KeyObject {
  try {
    const input = { key: jwk as JsonWebKey, format: 'jwk' as const };
    return 'd' in jwk ? createPrivateKey(input) : createPublicKey(input);
  } catch {
    throw invalidKey(
      'The JWK cannot be read; its kty must be oct, RSA, EC or OKP, and every member must be there (RFC 7518 §6)',
    );
  }
}
