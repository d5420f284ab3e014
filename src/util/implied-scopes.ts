import { ConfigurationError } from '../errors/configuration-error';
import { didYouMean } from './did-you-mean';

/** Adds to scopes those that they imply. */
export type ExpandScopes = (scopes: readonly string[]) => readonly string[];

/**
 * Creates the function that adds implied scopes, wherever scopes are compared. The result is kept with frozen arrays,
 * which cached tokens have.
 *
 * @param direct - The scopes that each scope implies by itself.
 * @throws {@link ConfigurationError} for an implied scope that is not declared, and for scopes that imply each other.
 */
export function createExpansion(direct: ReadonlyMap<string, readonly string[]>): ExpandScopes {
  const implied = new Map([...direct.keys()].map((scope) => [scope, collectImplied(scope, direct)]));
  if ([...implied.values()].every((scopes) => scopes.length === 0)) return (scopes) => scopes;
  const expanded = new WeakMap<readonly string[], readonly string[]>();
  return (scopes) => {
    const known = expanded.get(scopes);
    if (known) return known;
    const result = Object.freeze([...new Set([...scopes, ...scopes.flatMap((scope) => implied.get(scope) ?? [])])]);
    if (Object.isFrozen(scopes)) expanded.set(scopes, result);
    return result;
  };
}

/** @param path - The scopes that led to this one. */
function collectImplied(
  scope: string,
  direct: ReadonlyMap<string, readonly string[]>,
  path: readonly string[] = [],
): string[] {
  const way = [...path, scope];
  if (path.includes(scope))
    throw new ConfigurationError(
      `the scopes imply each other in a circle, ${way.slice(way.indexOf(scope)).join(' → ')}; remove one of the implications`,
    );
  return (direct.get(scope) as readonly string[]).flatMap((one) => {
    if (!direct.has(one))
      throw new ConfigurationError(
        `the scope '${scope}' implies '${one}', which is not declared; declare it or correct it.${didYouMean(one, [...direct.keys()])}`,
      );
    return [one, ...collectImplied(one, direct, way)];
  });
}
