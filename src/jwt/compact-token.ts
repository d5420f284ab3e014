/** The largest token that is looked at, in characters. Node's own limit of all headers together is 16 KiB. */
export const MAX_TOKEN_LENGTH = 8192;

/** The JOSE header of a token (RFC 7515 §4), as far as it is read. */
export interface TokenHeader {
  readonly alg: unknown;
  readonly typ?: unknown;
  readonly kid?: unknown;
  readonly crit?: unknown;
  readonly b64?: unknown;
}

/**
 * The header of a token in the compact serialisation (RFC 7515 §7.1), if it is one to the letter: three parts in
 * canonical base64url, the first a JSON object. So its bytes have one spelling only. Its text still is no name for it:
 * to every ECDSA signature (r, s) there is a second one, (r, n − s), so what is taken back goes by its claims.
 */
export function readHeader(token: string): TokenHeader | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const parts = token.split('.', 4);
  if (parts.length !== 3 || !parts.every(isCanonicalBase64Url)) return undefined;
  try {
    const header: unknown = JSON.parse(Buffer.from(parts[0] as string, 'base64url').toString('utf8'));
    return isObject(header) ? (header as unknown as TokenHeader) : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** No padding, no other alphabet, no stray bits in the last character: encoding it again gives the same text. */
function isCanonicalBase64Url(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64url').toString('base64url') === text;
}
