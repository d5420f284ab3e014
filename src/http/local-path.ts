/** Resolves paths; reserved names never exist (RFC 2606 §2). */
const BASE = 'https://local.invalid';

/** An encoded slash, backslash or control character; whoever decodes once more reads the character. */
const ENCODED_TRICK = /%(25)*(0[0-9a-f]|1[0-9a-f]|7f)|^\/%(25)*(2f|5c)/i;

/**
 * Returns a path of this site, with its query and fragment, that is safe to redirect to; otherwise the fallback. Use it
 * for the `returnTo` parameter of a login page: an unchecked one is an open redirect.
 *
 * Refuses everything that a browser could resolve to another origin: absolute and protocol-relative URLs, backslashes,
 * control characters, and what turns into one of them after dot segments are removed or percent-encoding is decoded.
 *
 * @param text - What the client sent, of any type.
 * @param fallback - Returned unchanged, so it must not come from the client. Default `'/'`.
 * @returns The path in percent-encoded form, fit for a `Location` header.
 * @example
 * response.redirect(localPath(request.query.next, '/notes'));
 */
export function localPath(text: unknown, fallback = '/'): string {
  if (typeof text !== 'string' || !text.startsWith('/') || isSuspicious(text) || !URL.canParse(text, BASE))
    return fallback;
  const { origin, pathname, search, hash } = new URL(text, BASE);
  if (origin !== BASE || pathname.startsWith('//') || ENCODED_TRICK.test(pathname)) return fallback;
  return pathname + search + hash;
}

/** URL parsers drop some control characters and read a backslash as a slash. */
function isSuspicious(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return text.startsWith('//') || /[\x00-\x1f\x7f\\]/.test(text);
}
