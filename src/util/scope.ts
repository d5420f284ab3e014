import { didYouMean } from './did-you-mean';

/** Whether a value is one `scope-token` of RFC 6749 §3.3: printable ASCII without spaces, `"` and `\`. */
export function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** Returns the scopes of a space-separated string (RFC 6749 §3.3), each once, in their order. */
export function splitScopes(scope: string): string[] {
  return [...new Set(scope.split(' ').filter((one) => one !== ''))];
}

/** Returns what is wrong with a scope and how to fix it, or undefined for a valid one. */
export function validateScope(scope: string, declared?: readonly string[]): string | undefined {
  if (!isScopeToken(scope)) {
    return `'${scope}' is not a scope: a scope is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3); pass several as an array`;
  }
  if (declared && !declared.includes(scope)) {
    return `the scope '${scope}' is not among the manager's scopes.${didYouMean(scope, declared)}`;
  }
  return undefined;
}
