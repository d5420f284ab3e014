/** One `scope-token` of RFC 6749 §3.3: printable ASCII but for the space, `"` and `\`. */
export function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** The scopes of a space-separated list (RFC 6749 §3.3), each once, in their order. */
export function splitScopes(text: string): string[] {
  return [...new Set(text.split(' ').filter((scope) => scope !== ''))];
}
