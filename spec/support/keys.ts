import { createSecretKey, generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import type { Algorithm } from '../../src/jwt/keys/algorithm';
import { SECRET } from './accounts';

/** Makes a key pair when it is first needed, and once for all specs. */
function shared(make: () => KeyPairKeyObjectResult): () => KeyPairKeyObjectResult {
  let pair: KeyPairKeyObjectResult | undefined;
  return () => {
    pair ??= make();
    return pair;
  };
}

export const rsa = shared(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
export const otherRsa = shared(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
export const weakRsa = shared(() => generateKeyPairSync('rsa', { modulusLength: 1024 }));
export const rsaPss = shared(() => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }));
export const p256 = shared(() => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
export const p384 = shared(() => generateKeyPairSync('ec', { namedCurve: 'secp384r1' }));
export const p521 = shared(() => generateKeyPairSync('ec', { namedCurve: 'secp521r1' }));
export const secp256k1 = shared(() => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }));
export const ed25519 = shared(() => generateKeyPairSync('ed25519'));

/** Long enough for every hash. */
export const LONG_SECRET = SECRET + SECRET;

const curves = { ES256: p256, ES384: p384, ES512: p521, EdDSA: ed25519 };

/** A key that signs with this algorithm, and the one that verifies. */
export function keysFor(algorithm: Algorithm): { signing: KeyObject; verifying: KeyObject } {
  if (algorithm.startsWith('HS')) {
    const secret = createSecretKey(Buffer.from(LONG_SECRET));
    return { signing: secret, verifying: secret };
  }
  const { privateKey, publicKey } = (algorithm in curves ? curves[algorithm as keyof typeof curves] : rsa)();
  return { signing: privateKey, verifying: publicKey };
}

/** The key in PEM: PKCS#8 or SPKI, or the older PKCS#1 of RSA and SEC1 of EC. */
export function pem(
  key: KeyObject,
  type: 'pkcs8' | 'spki' | 'pkcs1' | 'sec1' = key.type === 'private' ? 'pkcs8' : 'spki',
): string {
  return key.export({ type, format: 'pem' } as never) as string;
}

/** The key in DER. */
export function der(key: KeyObject, type: 'pkcs8' | 'spki' | 'pkcs1' | 'sec1'): Buffer {
  return key.export({ type, format: 'der' } as never) as Buffer;
}

export const KEY_PASSWORD = 'correct horse battery';

/** The private key in PEM, encrypted with {@link KEY_PASSWORD}. */
export function encryptedPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: KEY_PASSWORD }) as string;
}

/** An X.509 certificate of a key on P-256, made by `openssl req -x509`. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdjCCARugAwIBAgIUTuZfP9Tlli3/jEnZOQs6wexObOgwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEc3BlYzAgFw0yNjExMjMxOTEwMTJaGA8yMTI2MTAzMDE5MTAx
MlowDzENMAsGA1UEAwwEc3BlYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLEF
f0684CNjxF98z8U0Kc43OUWGtSG7wTKU5OcVFGdjmV1yJq7XVV9rPhXj+Jwra4jq
DAGULD1JFiQTVHR3UuKjUzBRMB0GA1UdDgQWBBQgU9/Dx4aqCSwIQdKdccjq6u+8
3zAfBgNVHSMEGDAWgBQgU9/Dx4aqCSwIQdKdccjq6u+83zAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCDBcxJKXmVbGjIgE2tNfIOIvzX5IW6zwHr
sJp9GUJYkAIhAK1ApIUcR1tTZjS0s/STHLDo1KPoV50SuAtueLls3RA2
-----END CERTIFICATE-----
`;

/** Its private key, for servers on the loopback; it opens nothing else. */
export const CERTIFICATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOeTU/4Hs62qcX41s
+9r1qDxis/y0oL/2Wu4R5nqjrUyhRANCAASxBX9OvOAjY8RffM/FNCnONzlFhrUh
u8EylOTnFRRnY5ldciau11Vfaz4V4/icK2uI6gwBlCw9SRYkE1R0d1Li
-----END PRIVATE KEY-----
`;
