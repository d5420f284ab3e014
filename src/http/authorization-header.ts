/**
 * The credentials of an `Authorization: Bearer` header (RFC 6750 §2.1); the scheme is case-insensitive (RFC 9110
 * §11.1). Empty text where the scheme is there without a token, undefined where there is no such header.
 */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.length < 6 || header.slice(0, 6).toLowerCase() !== 'bearer') return undefined;
  if (header.length === 6) return '';
  return header[6] === ' ' ? header.slice(7).replace(/^ +/, '') : undefined;
}
