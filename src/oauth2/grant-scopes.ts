import { ConfigurationError } from '../errors/configuration-error';
import { InvalidScopeError } from '../errors/oauth2-error';
import { splitScopes } from '../util/scope';

/**
 * Returns the scopes to grant at a login (RFC 6749 §3.3): the requested ones, or all allowed ones if none are requested.
 *
 * @param requested - The scopes that the client requests: an array, a space-separated string, or nothing. A request
 * alone grants nothing.
 * @param allowed - The scopes that this user may have.
 * @throws {@link InvalidScopeError} for a requested scope that is not allowed; {@link ConfigurationError} if `allowed`
 * is anything but an array of strings, or `requested` none of the above.
 *
 * @example
 * ```ts
 * grantScopes(form.scopes, account.scopes);
 * ```
 */
export function grantScopes(
  requested: readonly string[] | string | null | undefined,
  allowed: readonly string[],
): string[] {
  assertStrings(allowed, 'grantScopes(requested, allowed): allowed');
  const scopes = typeof requested === 'string' ? splitScopes(requested) : (requested ?? []);
  assertStrings(scopes, 'grantScopes(requested, allowed): requested');
  if (!scopes.every((scope) => allowed.includes(scope))) throw new InvalidScopeError();
  return [...new Set(scopes.length === 0 ? allowed : scopes)];
}

/**
 * Checks scopes that come from application code. A string instead of an array would grant every scope it contains.
 *
 * @throws {@link ConfigurationError} for anything but an array of strings.
 */
export function assertStrings(scopes: unknown, what: string): asserts scopes is readonly string[] {
  // Not every(): it skips the holes of a sparse array.
  if (Array.isArray(scopes) && Array.from(scopes).every((scope) => typeof scope === 'string')) return;
  throw new ConfigurationError(`${what} must be an array of strings; pass ['a', 'b'] instead of 'a b'`);
}
