import { didYouMean } from '../util/did-you-mean';
import { copyOwnProperties } from '../util/own-properties';
import { assertKnownKeys } from '../util/validate';
import { invalidTokenContents } from './invalid-token-contents';

/** The properties that each method of a manager takes. */
const PROPERTIES = {
  createAccessToken: ['data', 'expires', 'scopes'],
  createTokenResponse: ['data', 'expires', 'scopes', 'refresh'],
  login: ['data', 'scopes', 'remember'],
} as const;

/** Checks what a token shall be made of, and copies its own properties. */
export type TokenRequestParser = <T extends object>(request: T, method: keyof typeof PROPERTIES) => T;

/**
 * Creates the parser for the requests of one manager.
 *
 * @param declaredScopes - The names of the option `scopes`; undefined if any scope may be granted.
 */
export function createTokenRequestParser(declaredScopes: readonly string[] | undefined): TokenRequestParser {
  return (request, method) => {
    if (typeof request !== 'object' || request === null)
      throw invalidTokenContents(`${method}() was given no object; pass one such as { data: { sub: user.id } }`);
    const own: { data?: unknown; scopes?: unknown } = copyOwnProperties<object>(request);
    assertKnownKeys(own, PROPERTIES[method], `${method}()`);
    own.data = copyOwnProperties(own.data);
    if (declaredScopes) assertDeclared(own.scopes, declaredScopes, method);
    return own as typeof request;
  };
}

/** Scopes that are no strings are reported where the token is made. */
function assertDeclared(scopes: unknown, declared: readonly string[], method: string): void {
  if (!Array.isArray(scopes)) return;
  const unknown = scopes.find((scope) => typeof scope === 'string' && !declared.includes(scope));
  if (unknown === undefined) return;
  throw invalidTokenContents(
    `${method}() was given the scope '${unknown}', which the option scopes does not declare; declare it or correct it.${didYouMean(unknown, declared)}`,
  );
}
