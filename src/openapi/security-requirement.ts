import { scopeChoices } from '../authorization/alternatives';
import type { Access } from '../authorization/route-access';

/** One alternative of a security requirement: the scopes by the name of the scheme. */
export type SecurityAlternative = Record<string, string[]>;

/** A security scheme, as operations refer to it. */
export interface Scheme {
  readonly name: string;
  /** Only OAuth 2 schemes may list scopes (OpenAPI 3.0 §4.7.30). */
  readonly hasScopes: boolean;
  readonly inCookie: boolean;
}

/**
 * Returns the security requirement of an operation: any of the schemes, with all required scopes and one of each group.
 *
 * @param isOptional - Whether the operation uses the current user if there is one.
 * @returns Undefined for a public operation that does not.
 */
export function createSecurity(
  { isPublic, requirement }: Access,
  schemes: readonly Scheme[],
  isOptional: boolean,
): SecurityAlternative[] | undefined {
  if (isPublic && !isOptional) return undefined;
  const choices = combinations(requirement).map((chosen) => [...new Set([...requirement.allOf, ...chosen])].sort());
  const needed = schemes.flatMap(({ name, hasScopes }) =>
    hasScopes ? choices.map((scopes) => ({ [name]: scopes })) : [{ [name]: [] }],
  );
  return [...distinctAlternatives(needed), ...(isPublic ? [{}] : [])];
}

/** Returns every way to choose one scope of each group; a choice without scopes is one that policies decide about. */
function combinations({ anyOf, alternatives }: Access['requirement']): string[][] {
  const groups = [...anyOf.map((scopes) => scopes.map((scope) => [scope])), ...alternatives.map(scopeChoices)];
  return groups.reduce<string[][]>(
    (before, group) => before.flatMap((chosen) => group.map((scopes) => [...chosen, ...scopes])),
    [[]],
  );
}

function distinctAlternatives(alternatives: readonly SecurityAlternative[]): SecurityAlternative[] {
  return [...new Map(alternatives.map((alternative) => [JSON.stringify(alternative), alternative])).values()];
}
