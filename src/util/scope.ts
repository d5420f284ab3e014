/** Whether a value is one `scope-token` of RFC 6749 §3.3: printable ASCII without spaces, `"` and `\`. */
export function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** Returns the scopes of a space-separated string (RFC 6749 §3.3), each once, in their order. */
export function splitScopes(scope: string): string[] {
  return [...new Set(scope.split(' ').filter((one) => one !== ''))];
}
