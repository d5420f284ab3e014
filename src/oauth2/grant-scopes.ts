import { DefinedScopes } from '../authorization/define-scopes';
import { InvalidScopeError } from '../errors/oauth2-error';
import { splitScopes } from '../util/scope';
import { invalidArgument } from '../util/validate-arguments';

/**
 * Returns the scopes to grant at a login (RFC 6749 §3.3): the requested ones, or all allowed ones if none are requested.
 *
 * @param requested - The scopes that the client requests: an array, a space-separated string, or nothing. A request
 * alone grants nothing.
 * @param allowed - The scopes that this user may have.
 * @param scopes - What `defineScopes` returned: then scopes that an allowed one implies are allowed as well. Default: no
 * scope implies another.
 * @throws {@link InvalidScopeError} for a requested scope that is not allowed; {@link ConfigurationError} if `allowed`
 * is anything but an array of strings, or `requested` or `scopes` none of the above.
 *
 * @example
 * ```ts
 * grantScopes(form.scopes, account.scopes, notes);
 * ```
 */
export function grantScopes(
  requested: readonly string[] | string | null | undefined,
  allowed: readonly string[],
  scopes?: DefinedScopes,
): string[] {
  assertStrings(allowed, 'grantScopes(requested, allowed): allowed');
  if (scopes !== undefined && !(scopes instanceof DefinedScopes))
    throw invalidArgument('grantScopes(requested, allowed, scopes): scopes must be what defineScopes() returned');
  const wanted = typeof requested === 'string' ? splitScopes(requested) : (requested ?? []);
  assertStrings(wanted, 'grantScopes(requested, allowed): requested');
  const grantable = scopes ? scopes.expand(allowed) : allowed;
  if (!wanted.every((scope) => grantable.includes(scope))) throw new InvalidScopeError();
  return [...new Set(wanted.length === 0 ? allowed : wanted)];
}

/**
 * Checks scopes that come from application code. A string instead of an array would grant every scope it contains.
 *
 * @throws {@link ConfigurationError} for anything but an array of strings.
 */
export function assertStrings(scopes: unknown, what: string): asserts scopes is readonly string[] {
  // Not every(): it skips the holes of a sparse array.
  if (Array.isArray(scopes) && Array.from(scopes).every((scope) => typeof scope === 'string')) return;
  throw invalidArgument(`${what} must be an array of strings; pass ['a', 'b'] instead of 'a b'`);
}
