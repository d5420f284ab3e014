import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

/** How often a key may be encoded: base64 of a PEM is two encodings of the same key. */
const MAX_ENCODINGS = 3;

/** The shortest base64 that is looked into: the DER of a public Ed25519 key has 44 bytes. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{40,}/g;

/**
 * Whether bytes are an asymmetric key, a certificate or a JSON Web Key, in PEM, DER, JSON or a format of ssh, as they
 * are or encoded in base64, base64url or hex, with or without line breaks.
 */
export function isAsymmetricKey(bytes: Buffer, encodings = MAX_ENCODINGS): boolean {
  if (isPem(bytes) || isJwk(bytes) || isSshKey(bytes) || isDer(bytes)) return true;
  return encodings > 0 && decodings(readAscii(bytes)).some((decoded) => isAsymmetricKey(decoded, encodings - 1));
}

/** Whether bytes contain a PEM, anywhere: white space, a byte order mark or a comment before it changes nothing. */
export function isPem(bytes: Buffer): boolean {
  return readAscii(bytes).includes('-----BEGIN ');
}

/** Turns literal `\n` into line ends, as environment variables and JSON files hold a PEM. Other bytes stay as they are. */
export function normalizePem(pem: string | Buffer): string | Buffer {
  if (typeof pem !== 'string' && !((pem as unknown) instanceof Uint8Array)) return pem; // reported when it is parsed
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  return text.includes('-----BEGIN ') ? text.replaceAll(/\\r\\n|\\n|\\r/g, '\n') : pem;
}

function isJwk(bytes: Buffer): boolean {
  return /\{[\s\S]*["'](kty|keys)\\?["']\s*:/.test(readAscii(bytes));
}

/** The text formats of OpenSSH and RFC 4716, and the bytes in their base64 (RFC 4253 §6.6). */
function isSshKey(bytes: Buffer): boolean {
  return (
    /---- BEGIN SSH2 |\b(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+) AAAA/.test(readAscii(bytes)) ||
    /^\0\0\0.(ssh-(rsa|dss|ed25519)|ecdsa-sha2-|sk-)/s.test(bytes.toString('latin1'))
  );
}

/** Reads UTF-8 and UTF-16 of either byte order. */
function readAscii(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\0', '');
}

function decodings(text: string): Buffer[] {
  const compact = text.replaceAll(/\s|\\r|\\n/g, '');
  const hex = compact.replace(/^0x/i, '').replaceAll(':', '');
  const runs = new Set([...(compact.match(BASE64_RUN) ?? []), ...(text.match(BASE64_RUN) ?? [])]);
  return [
    ...(/^([0-9a-f]{2})+$/i.test(hex) ? [Buffer.from(hex, 'hex')] : []),
    ...[...runs].map((run) => Buffer.from(run, 'base64')),
  ];
}

/** The tag of an ASN.1 SEQUENCE, which every key and certificate in DER starts with. */
const SEQUENCE = 0x30;

function isDer(bytes: Buffer): boolean {
  if (bytes[0] !== SEQUENCE) return false;
  const parsers = [
    () => createPublicKey({ key: bytes, format: 'der', type: 'spki' }),
    () => createPublicKey({ key: bytes, format: 'der', type: 'pkcs1' }),
    () => createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key: bytes, format: 'der', type: 'pkcs1' }),
    () => createPrivateKey({ key: bytes, format: 'der', type: 'sec1' }),
    () => new X509Certificate(bytes),
  ];
  return parsers.some((parse) => {
    try {
      return Boolean(parse());
    } catch {
      return false;
    }
  });
}
