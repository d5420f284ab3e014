import { parseJsonObject } from '../util/json-object';

/** The largest accepted token, in characters. Node's own limit for all headers together is 16 KiB. */
export const MAX_TOKEN_LENGTH = 8192;

/** The JOSE header of a token (RFC 7515 §4), as far as it is read. */
export interface JoseHeader {
  readonly alg?: unknown;
  readonly typ?: unknown;
  readonly kid?: unknown;
  readonly crit?: unknown;
  readonly b64?: unknown;
}

/** The parts of a token, not verified yet. */
export interface CompactJws {
  readonly header: JoseHeader;
  /** The bytes that are signed: the first two parts as they were sent. */
  readonly signingInput: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/**
 * Splits a token in the compact serialization (RFC 7515 §7.1). Returns undefined unless it has exactly three parts in
 * canonical base64url, the first of them a JSON object. The signing input has one spelling only; an ECDSA signature
 * always has a second one, so tokens are best told apart by what is signed.
 */
export function parseCompactJws(token: string): CompactJws | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const firstDot = token.indexOf('.');
  const secondDot = token.indexOf('.', firstDot + 1); // none without a first one
  if (secondDot < 0) return undefined;
  const headerBytes = decode(token.slice(0, firstDot));
  const payload = decode(token.slice(firstDot + 1, secondDot));
  const signature = decode(token.slice(secondDot + 1));
  const header = headerBytes && parseJsonObject(headerBytes);
  return header && payload && signature && { header, signingInput: token.slice(0, secondDot), payload, signature };
}

/** Decodes canonical base64url: no padding, no other alphabet, no stray bits in the last character. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}
