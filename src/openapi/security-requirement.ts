import type { Access } from '../authorization/route-access';

/** One alternative: the schemes that are needed together, each with its scopes. */
export type SecurityAlternative = Record<string, string[]>;

/** A way to send a token, by the name of its security scheme. */
export interface Scheme {
  readonly name: string;
  /** Only OAuth 2 schemes may list scopes (OpenAPI 3.0 §4.7.30). */
  readonly hasScopes: boolean;
  readonly inCookie: boolean;
}

/**
 * What an operation needs: any of the schemes, with all scopes and one of each group of alternatives.
 *
 * @param isOptional - Whether the operation looks at who is logged in, and answers everybody.
 * @returns Undefined for an open operation that does not care.
 */
export function createSecurity(
  { isPublic, requirement }: Access,
  schemes: readonly Scheme[],
  isOptional: boolean,
): SecurityAlternative[] | undefined {
  if (isPublic && !isOptional) return undefined;
  const choices = combinations(requirement.anyOf).map((chosen) =>
    [...new Set([...requirement.allOf, ...chosen])].sort(),
  );
  const needed = schemes.flatMap(({ name, hasScopes }) =>
    hasScopes ? choices.map((scopes) => ({ [name]: scopes })) : [{ [name]: [] }],
  );
  return [...distinct(needed), ...(isPublic ? [{}] : [])];
}

/** Each way to take one of each. */
function combinations(groups: readonly (readonly string[])[]): string[][] {
  return groups.reduce<string[][]>(
    (before, group) => before.flatMap((chosen) => group.map((scope) => [...chosen, scope])),
    [[]],
  );
}

function distinct(alternatives: readonly SecurityAlternative[]): SecurityAlternative[] {
  return [...new Map(alternatives.map((alternative) => [JSON.stringify(alternative), alternative])).values()];
}
