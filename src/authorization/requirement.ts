import { ConfigurationError } from '../errors/configuration-error';
import { validateScope } from '../util/scope';
import { AllOf, AnyOf, isSameRole, leavesOf, scopesIn } from './alternatives';
import type { Policy } from './policy';
import { combineStepUps, StepUp, type StepUpRequirement } from './step-up';

/**
 * What `@Authorized` takes, alone or in an array: a scope, a policy, {@link anyOf}, {@link allOf} or {@link stepUp}. A list
 * requires all of its roles.
 */
// biome-ignore lint/suspicious/noExplicitAny: a policy is of the user's own type
export type Role<User = any> = string | AnyOf | AllOf | Policy<User> | StepUp;

/** What a route requires of its user, combined from class and method. */
export interface Requirement {
  /** Scopes that are all required. */
  readonly allOf: readonly string[];
  /** Groups of scopes; one scope of each group is required. */
  readonly anyOf: readonly (readonly string[])[];
  /** Policies that must all return true. */
  readonly policies: readonly Policy[];
  /** Groups with policies among them; one role of each is required. */
  readonly alternatives: readonly AnyOf[];
  /** Which policies are asked now; the others are asked once the body has been read. Undefined for all. */
  readonly mayAsk?: ((policy: Policy) => boolean) | undefined;
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
  alternatives: [],
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
  if (problem !== undefined) throw new ConfigurationError(problem, { section: 'routes-and-decorators' });
  return combineRoles(roles);
}

/** Combines valid roles into one requirement, without duplicates. */
export function combineRoles(roles: readonly unknown[]): Requirement {
  const [first] = roles;
  if (roles.length === 1 && typeof first === 'string') return createRequirement([first]); // the most frequent case
  const flat = roles.flatMap(flatten);
  const groups = flat.filter((role) => role instanceof AnyOf);
  const isOfScopes = ({ roles: alternatives }: AnyOf) => alternatives.every((one) => typeof one === 'string');
  const anyOf = groups.filter(isOfScopes).map((group) => group.roles as readonly string[]);
  return createRequirement(
    [...new Set(flat.filter((role) => typeof role === 'string'))],
    anyOf.length > 1 ? distinctGroups(anyOf) : anyOf,
    [...new Set(flat.filter((role): role is Policy => typeof role === 'function'))],
    combineStepUps(flat.filter((role) => role instanceof StepUp)),
    distinctRoles(groups.filter((group) => !isOfScopes(group))),
  );
}

/** Roles of a list are all required, so `allOf` in it, and `anyOf` of one role, say nothing more. */
function flatten(role: unknown): unknown[] {
  if (role instanceof AllOf || (role instanceof AnyOf && role.roles.length === 1 && typeof role.roles[0] !== 'string'))
    return role.roles.flatMap(flatten);
  return [role];
}

function distinctRoles(roles: readonly AnyOf[]): readonly AnyOf[] {
  return roles.filter((role, index) => roles.findIndex((other) => isSameRole(role, other)) === index);
}

function createRequirement(
  allOf: readonly string[],
  anyOf: Requirement['anyOf'] = [],
  policies: readonly Policy[] = [],
  stepUp?: StepUpRequirement,
  alternatives: readonly AnyOf[] = [],
): Requirement {
  const scopes = Object.freeze(anyOf.length > 0 ? [...new Set([...allOf, ...anyOf.flat()])] : [...allOf]);
  return { allOf, anyOf, policies, alternatives, scopes, ...(stepUp && { stepUp }) };
}

/** Drops groups of the same scopes, in whatever order. */
function distinctGroups(groups: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(groups.map((scopes) => [[...scopes].sort().join(' '), scopes])).values()];
}

/** Returns every scope that a requirement names, also those beside policies. */
export function scopesOf({ scopes, alternatives }: Requirement): string[] {
  return [...new Set([...scopes, ...alternatives.flatMap(scopesIn)])];
}

/** Returns what is wrong with a role and how to fix it, or undefined for a valid role. */
export function validateRole(role: unknown, declared: readonly string[] | undefined): string | undefined {
  if (typeof role === 'function' || role instanceof StepUp) return undefined;
  if (role instanceof AnyOf || role instanceof AllOf) {
    return leavesOf(role)
      .map((leaf) => (typeof leaf === 'string' ? validateScope(leaf, declared) : undefined))
      .find(Boolean);
  }
  if (typeof role === 'string') return validateScope(role, declared);
  if (role === undefined || role === null) {
    return `a required scope or policy is ${role}; check for a circular import, or leave it out to require a login only`;
  }
  return '@Authorized takes scopes (strings), policies (functions), anyOf(…), allOf(…) and stepUp(…), alone or in an array';
}
