/** The largest token that is looked at, in characters. Node's own limit of all headers together is 16 KiB. */
export const MAX_TOKEN_LENGTH = 8192;

/** The JOSE header of a token (RFC 7515 §4), as far as it is read. */
export interface JoseHeader {
  readonly alg?: unknown;
  readonly typ?: unknown;
  readonly kid?: unknown;
  readonly crit?: unknown;
  readonly b64?: unknown;
}

/** A token in its parts, of which nothing is believed yet. */
export interface CompactJws {
  readonly header: JoseHeader;
  /** What is signed: the first two parts as they were sent. */
  readonly signingInput: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/**
 * Takes a token in the compact serialisation apart (RFC 7515 §7.1), if it is one to the letter: three parts in canonical
 * base64url, the first a JSON object. What is signed has one spelling only; of an ECDSA signature there is always a
 * second one, so tokens are best told apart by what they say.
 */
export function parseCompactJws(token: string): CompactJws | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const firstDot = token.indexOf('.');
  const secondDot = token.indexOf('.', firstDot + 1);
  if (firstDot < 0 || secondDot < 0) return undefined;
  const header = decode(token.slice(0, firstDot));
  const payload = decode(token.slice(firstDot + 1, secondDot));
  const signature = decode(token.slice(secondDot + 1));
  const claims = header && parseJsonObject(header);
  return (
    claims && payload && signature && { header: claims, signingInput: token.slice(0, secondDot), payload, signature }
  );
}

/** The JSON object in these bytes, if there is one. */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** No padding, no other alphabet, no stray bits in the last character: encoding it again gives the same text. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined;
}
