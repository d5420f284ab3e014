/**
 * The credentials of an `Authorization: Bearer` header (RFC 6750 §2.1); the scheme is case-insensitive (RFC 9110
 * §11.1). Empty text where the scheme is there without a token, undefined where there is no such header.
 */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || !hasScheme(header)) return undefined;
  if (header.length === 6) return '';
  if (header[6] !== ' ') return undefined;
  return header[7] === ' ' ? header.slice(8).replace(/^ +/, '') : header.slice(7);
}

/** As nearly everybody writes it, or otherwise. */
function hasScheme(header: string): boolean {
  return header.startsWith('Bearer') || header.slice(0, 6).toLowerCase() === 'bearer';
}
