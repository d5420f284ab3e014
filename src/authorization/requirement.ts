import { ConfigurationError } from '../errors/configuration-error';
import { didYouMean } from '../util/did-you-mean';
import { isScopeToken } from '../util/scope';
import type { Policy } from './policy';
import { combineStepUps, StepUp, type StepUpRequirement } from './step-up';

/** A group of scopes of which one is required; made by {@link anyOf}. */
export class AnyOf {
  constructor(readonly scopes: readonly string[]) {}
}

/**
 * Requires one of several scopes.
 *
 * @throws {@link ConfigurationError} for no scope, and for a string that is not a scope.
 * @example
 * ```ts
 * @Authorized(anyOf('notes:write', 'admin'))
 * ```
 */
export function anyOf(...scopes: string[]): AnyOf {
  if (scopes.length === 0) throw new ConfigurationError('anyOf() requires at least one scope');
  const problem = scopes.map((scope) => validateScope(scope)).find(Boolean);
  if (problem) throw new ConfigurationError(`anyOf(): ${problem}`);
  return new AnyOf(Object.freeze([...new Set(scopes)]));
}

/** What `@Authorized` takes, alone or in an array: a scope, {@link anyOf}, a policy or {@link stepUp}. */
// biome-ignore lint/suspicious/noExplicitAny: a policy is of the user's own type
export type Role<User = any> = string | AnyOf | Policy<User> | StepUp;

/** What a route requires of its user, combined from class and method. */
export interface Requirement {
  /** Scopes that are all required. */
  readonly allOf: readonly string[];
  /** Groups of scopes; one scope of each group is required. */
  readonly anyOf: readonly (readonly string[])[];
  /** Policies that must all return true. */
  readonly policies: readonly Policy[];
  /** How recent and how strong the login must be; undefined if any will do. */
  readonly stepUp?: StepUpRequirement | undefined;
  /** Every scope of `allOf` and `anyOf`, without duplicates. Frozen, so that results can be cached by it. */
  readonly scopes: readonly string[];
}

/** A requirement that every user meets. */
export const NO_REQUIREMENT: Requirement = Object.freeze({
  allOf: [],
  anyOf: [],
  policies: [],
  scopes: Object.freeze([]),
});

/**
 * Parses roles.
 *
 * @param roles - As `@Authorized` was given them.
 * @param declared - The scopes that the manager declares; others are refused. Undefined if it declares none.
 * @throws {@link ConfigurationError} for a role that is not a scope, `anyOf`, a function or `stepUp`, and for an undeclared scope.
 */
export function parseRequirement(roles: readonly unknown[], declared: readonly string[] | undefined): Requirement {
  const problem = Array.from(roles, (role) => validateRole(role, declared)).find((found) => found !== undefined);
  if (problem !== undefined) throw new ConfigurationError(problem);
  return combineRoles(roles);
}

/** Combines valid roles into one requirement, without duplicates. */
export function combineRoles(roles: readonly unknown[]): Requirement {
  const [first] = roles;
  if (roles.length === 1 && typeof first === 'string') return createRequirement([first]); // the most frequent case
  const anyOf = roles.filter((role) => role instanceof AnyOf).map(({ scopes }) => scopes);
  return createRequirement(
    [...new Set(roles.filter((role) => typeof role === 'string'))],
    anyOf.length > 1 ? distinctGroups(anyOf) : anyOf,
    [...new Set(roles.filter((role): role is Policy => typeof role === 'function'))],
    combineStepUps(roles.filter((role) => role instanceof StepUp)),
  );
}

function createRequirement(
  allOf: readonly string[],
  anyOf: Requirement['anyOf'] = [],
  policies: readonly Policy[] = [],
  stepUp?: StepUpRequirement,
): Requirement {
  const scopes = Object.freeze(anyOf.length > 0 ? [...new Set([...allOf, ...anyOf.flat()])] : [...allOf]);
  return { allOf, anyOf, policies, scopes, ...(stepUp && { stepUp }) };
}

/** Drops groups of the same scopes, in whatever order. */
function distinctGroups(groups: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(groups.map((scopes) => [[...scopes].sort().join(' '), scopes])).values()];
}

/** Returns what is wrong with a role and how to fix it, or undefined for a valid role. */
export function validateRole(role: unknown, declared: readonly string[] | undefined): string | undefined {
  if (typeof role === 'function' || role instanceof StepUp) return undefined;
  if (role instanceof AnyOf) return role.scopes.map((scope) => validateScope(scope, declared)).find(Boolean);
  if (typeof role === 'string') return validateScope(role, declared);
  if (role === undefined || role === null) {
    return `a required scope or policy is ${role}; check for a circular import, or leave it out to require a login only`;
  }
  return '@Authorized takes scopes (strings), policies (functions), anyOf(…), allOf(…) and stepUp(…), alone or in an array';
}

function validateScope(scope: string, declared?: readonly string[]): string | undefined {
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
