import { ConfigurationError } from '../errors/configuration-error';
import { didYouMean } from '../util/did-you-mean';
import { isScopeToken } from '../util/scope';

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

/**
 * Parses the option `scopes`.
 *
 * @throws {@link ConfigurationError} for anything but an object of scopes and descriptions.
 */
export function parseScopes(
  scopes: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (scopes === undefined) return undefined;
  const isRecord = typeof scopes === 'object' && scopes !== null && !Array.isArray(scopes);
  if (
    !isRecord ||
    !Object.entries(scopes).every(([name, description]) => isScopeToken(name) && typeof description === 'string')
  ) {
    throw new ConfigurationError(
      "scopes must be an object of names and descriptions, such as { 'notes:read': 'Read notes' }; a name is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3)",
    );
  }
  return Object.freeze({ ...scopes });
}
