import { ConfigurationError } from '../errors/configuration-error';
import { isScopeToken } from '../scope';

/** The scopes that are declared. @throws {@link ConfigurationError} for a name that is no scope. */
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

/** @throws {@link ConfigurationError} for anything but text, or texts, that are not empty. */
export function parseAudience(audience: string | readonly string[] | undefined): readonly string[] | undefined {
  if (audience === undefined) return undefined;
  const audiences = typeof audience === 'string' ? [audience] : audience;
  if (
    Array.isArray(audiences) &&
    audiences.length > 0 &&
    audiences.every((one) => typeof one === 'string' && one !== '')
  )
    return Object.freeze([...audiences]);
  throw new ConfigurationError('audience must be text, or a list of texts, none of them empty');
}

/** Seconds. @throws {@link ConfigurationError} for anything but a number that is not negative. */
export function parseTolerance(seconds = 0): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new ConfigurationError('clockTolerance must be a number of seconds, zero or more');
}
