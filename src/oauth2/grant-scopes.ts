import { InvalidScopeError } from '../errors/oauth2-error';
import { copyLoginStart } from '../util/login-start';
import { splitScopes } from '../util/scope';

/**
 * The scopes to grant at a login (RFC 6749 §3.3): the requested ones, or all allowed ones where none was requested.
 *
 * @param requested - What the client asks for: a list, or space-separated text; nobody gets a scope for asking.
 * @param allowed - What this user may have.
 * @throws {@link InvalidScopeError} where a requested scope is not allowed.
 */
export function grantScopes(
  requested: readonly string[] | string | null | undefined,
  allowed: readonly string[],
): string[] {
  const wanted = typeof requested === 'string' ? splitScopes(requested) : [...new Set(requested ?? [])];
  if (!wanted.every((scope) => allowed.includes(scope))) throw new InvalidScopeError();
  const granted = wanted.length === 0 ? [...new Set(allowed)] : wanted;
  // A login that was under way when all others were revoked is told by when its form was read.
  if (typeof requested === 'object' && requested !== null) copyLoginStart(requested, granted);
  return granted;
}
