/**
 * A `WWW-Authenticate` value of the Bearer scheme (RFC 6750 §3). Characters that §3 does not allow in an attribute
 * are left out, the quote and the backslash among them, so that no value can end its quoted string.
 */
export function bearerChallenge(attributes: Readonly<Record<string, string>> = {}): string {
  const quoted = Object.entries(attributes).map(
    ([name, value]) => `${name}="${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')}"`,
  );
  return ['Bearer', quoted.join(', ')].filter(Boolean).join(' ');
}
