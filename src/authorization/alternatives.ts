import { ConfigurationError } from '../errors/configuration-error';
import { validateScope } from '../util/scope';
import type { Policy } from './policy';

/** An argument of {@link anyOf} and {@link allOf}: a scope, a policy, or a nested `anyOf` or `allOf`. */
// biome-ignore lint/suspicious/noExplicitAny: a policy is of the user's own type
export type Alternative<User = any> = string | Policy<User> | AnyOf | AllOf;

/** Roles of which one is required, from {@link anyOf}. */
export class AnyOf {
  /** @internal */
  constructor(readonly roles: readonly Alternative[]) {}
}

/** Roles that are all required, from {@link allOf}. */
export class AllOf {
  /** @internal */
  constructor(readonly roles: readonly Alternative[]) {}
}

/**
 * Requires one of several scopes and policies. Use `allOf` within it to group them. Scopes are checked first, then
 * policies are called from left to right, until one returns `true`.
 *
 * @throws {@link ConfigurationError} without arguments, and for values that are neither scopes nor policies.
 * @example
 * ```ts
 * @Authorized(anyOf('notes:admin', isOwner))
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a policy is of the user's own type
export function anyOf<User = any>(...roles: Alternative<User>[]): AnyOf {
  const flat = parse('anyOf', roles).flatMap((role) => (role instanceof AnyOf ? role.roles : [role]));
  return new AnyOf(scopesFirst(flat));
}

/**
 * Requires all of several scopes and policies. Use it within {@link anyOf}: outside of it, all roles of a list are
 * required anyway.
 *
 * @throws {@link ConfigurationError} without arguments, and for values that are neither scopes nor policies.
 * @example
 * ```ts
 * @Authorized(anyOf('notes:admin', allOf('notes:write', isOwner)))
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a policy is of the user's own type
export function allOf<User = any>(...roles: Alternative<User>[]): AllOf {
  const flat = parse('allOf', roles).flatMap((role) => (role instanceof AllOf ? role.roles : [role]));
  return new AllOf(scopesFirst(flat));
}

function parse(name: string, roles: readonly unknown[]): readonly Alternative[] {
  if (roles.length === 0)
    throw new ConfigurationError(`${name}() requires at least one scope or policy`, {
      section: 'routes-and-decorators',
    });
  for (const role of roles) {
    const problem = isAlternative(role) ? undefined : describeProblem(role);
    if (problem) throw new ConfigurationError(`${name}(): ${problem}`, { section: 'routes-and-decorators' });
  }
  return roles as readonly Alternative[];
}

function isAlternative(role: unknown): boolean {
  return typeof role === 'function' || role instanceof AnyOf || role instanceof AllOf;
}

function describeProblem(role: unknown): string | undefined {
  if (typeof role === 'string') return validateScope(role);
  return `${role === null ? 'null' : typeof role} is neither a scope nor a policy; check for a circular import, and list stepUp(…) beside it`;
}

function scopesFirst(roles: readonly Alternative[]): readonly Alternative[] {
  const distinct = [...new Set(roles)];
  const isScope = (role: Alternative) => typeof role === 'string';
  return Object.freeze([...distinct.filter(isScope), ...distinct.filter((role) => !isScope(role))]);
}

/** Returns the scopes or the policies within a role, from left to right. */
export function leavesOf(role: Alternative): (string | Policy)[] {
  return role instanceof AnyOf || role instanceof AllOf ? role.roles.flatMap(leavesOf) : [role];
}

/** Returns the scopes within a role, from left to right. */
export function scopesIn(role: Alternative): string[] {
  return leavesOf(role).filter((leaf) => typeof leaf === 'string');
}

/** Whether a role is met; undefined while that depends on policies that have not been asked. */
export type Truth = boolean | undefined;

/** Decides a role as far as its scopes and policies are known. */
export function decide(role: Alternative, known: (leaf: string | Policy) => Truth): Truth {
  if (!(role instanceof AnyOf || role instanceof AllOf)) return known(role);
  const decisive = role instanceof AnyOf;
  const truths = role.roles.map((one) => decide(one, known));
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) ? undefined : !decisive;
}

/** Returns the next policy whose answer can change what {@link decide} says, if it may be asked. */
export function nextPolicy(
  role: Alternative,
  known: (leaf: string | Policy) => Truth,
  mayAsk: (policy: Policy) => boolean,
): Policy | undefined {
  if (typeof role === 'string' || decide(role, known) !== undefined) return undefined;
  if (typeof role === 'function') return mayAsk(role) ? role : undefined;
  for (const one of role.roles) {
    const found = nextPolicy(one, known, mayAsk);
    if (found) return found;
  }
  return undefined;
}

/** Returns every choice of scopes with which a role can be met, provided that its policies answer `true`. */
export function scopeChoices(role: Alternative): string[][] {
  if (typeof role === 'string') return [[role]];
  if (typeof role === 'function') return [[]];
  const choices = role.roles.map(scopeChoices);
  if (role instanceof AnyOf) return choices.flat();
  return choices.reduce<string[][]>(
    (all, one) => all.flatMap((before) => one.map((more) => [...before, ...more])),
    [[]],
  );
}

/** Returns a role in words: `notes:admin`, `isOwner()`, `allOf(notes:write, isOwner())`. */
export function describeRole(role: Alternative): string {
  if (typeof role === 'string') return role;
  if (typeof role === 'function') return role.name ? `${role.name}()` : '(anonymous)';
  return `${role instanceof AnyOf ? 'anyOf' : 'allOf'}(${role.roles.map(describeRole).join(', ')})`;
}

/** Returns whether two roles require the same. */
export function isSameRole(one: Alternative, other: Alternative): boolean {
  if (one === other) return true;
  if (!(one instanceof AnyOf || one instanceof AllOf) || one.constructor !== other.constructor) return false;
  const others = (other as AnyOf | AllOf).roles;
  return (
    one.roles.length === others.length &&
    one.roles.every((role, index) => isSameRole(role, others[index] as Alternative))
  );
}
