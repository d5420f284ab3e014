import { ConfigurationError } from '../errors/configuration-error';

/** Returns what the option `scopesOf` returned. @throws {@link ConfigurationError} for anything but an array of strings. */
export function checkScopesOf(scopes: unknown): readonly string[] {
  // A string instead of an array would grant every scope that it contains.
  if (Array.isArray(scopes) && Array.from(scopes).every((scope) => typeof scope === 'string')) return scopes;
  throw new ConfigurationError('scopesOf must return an array of scopes (strings)');
}
