import { constants, createHmac, type KeyObject, sign as signBytes } from 'node:crypto';
import { SECRET } from './accounts';

/** JSON text to be taken to the letter, or a value to be written as JSON. */
export type Json = string | object | number | boolean | null;

export interface TokenParts {
  /** Default: the header that jsonwebtoken writes. */
  header?: Json;
  payload: Json;
  /** Default: the secret of the specs. */
  key?: string | Buffer | KeyObject;
  /** What is really signed with, whatever the header says. Default `'HS256'`. */
  algorithm?: string;
}

/** A token put together by hand, with a real signature: what no library would write can be tried. */
export function forge({ header, payload, key = SECRET, algorithm = 'HS256' }: TokenParts): string {
  const input = `${encode(header ?? { alg: algorithm, typ: 'JWT' })}.${encode(payload)}`;
  return `${input}.${signatureOf(input, key, algorithm)}`;
}

/** The base64url of a text, or of the JSON of a value. */
export function encode(part: Json | Buffer): string {
  return Buffer.from(Buffer.isBuffer(part) || typeof part === 'string' ? part : JSON.stringify(part)).toString(
    'base64url',
  );
}

export function signatureOf(input: string, key: string | Buffer | KeyObject, algorithm: string): string {
  if (algorithm === 'EdDSA') return signBytes(null, Buffer.from(input), key as KeyObject).toString('base64url');
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS')) return createHmac(hash, key).update(input).digest('base64url');
  const options = algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { dsaEncoding: 'ieee-p1363' as const };
  return signBytes(hash, Buffer.from(input), { key: key as KeyObject, ...options }).toString('base64url');
}

/** The header of a token, unverified. */
export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString());
}

/** The payload of a token, unverified. */
export function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());
}
