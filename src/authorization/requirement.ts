import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { TokenPayload } from '../jwt/token-payload';
import { didYouMean } from '../util/did-you-mean';
import { isScopeToken } from '../util/scope';

/**
 * Decides whether this user may do this: true lets the request pass, false is a `PolicyDeniedError`. An error it
 * throws is the application's own, and anything but a boolean is a `ConfigurationError`.
 */
// biome-ignore lint/suspicious/noExplicitAny: the user is asserted, not inferred
export type Policy<User = any> = (user: User, action: Action, payload: TokenPayload) => boolean | Promise<boolean>;

/** Alternatives among required scopes: made by {@link anyOf}. */
export class AnyOf {
  constructor(readonly scopes: readonly string[]) {}
}

/**
 * One of these scopes is enough: `@Authorized(anyOf('notes:write', 'admin'))`.
 *
 * @throws {@link ConfigurationError} where there is none, or one is no scope.
 */
export function anyOf(...scopes: string[]): AnyOf {
  if (scopes.length === 0) throw new ConfigurationError('anyOf() needs at least one scope: nobody has one of none');
  const fault = scopes.map((scope) => validateScope(scope)).find(Boolean);
  if (fault) throw new ConfigurationError(`anyOf(): ${fault}`);
  return new AnyOf(Object.freeze([...new Set(scopes)]));
}

/** What `@Authorized` takes, alone or in a list: a scope, alternatives, or a policy. */
// biome-ignore lint/suspicious/noExplicitAny: a policy is of the user's own type
export type Role<User = any> = string | AnyOf | Policy<User>;

/** What a route asks of its user, of class and method together. */
export interface Requirement {
  /** All of these scopes, */
  readonly allOf: readonly string[];
  /** one of each of these alternatives, */
  readonly anyOf: readonly (readonly string[])[];
  /** and the word of each of these. */
  readonly policies: readonly Policy[];
  /** All scopes among them, each once. Frozen, so that what is made of them can be remembered. */
  readonly scopes: readonly string[];
}

/** What nobody fails. */
export const NO_REQUIREMENT: Requirement = Object.freeze({
  allOf: [],
  anyOf: [],
  policies: [],
  scopes: Object.freeze([]),
});

/**
 * @param roles - As `@Authorized` was given them.
 * @param declared - The scopes of the manager, where it declares any: others are then refused.
 * @throws {@link ConfigurationError} for a role that is no scope, alternatives or function, or no declared scope.
 */
export function parseRequirement(roles: readonly unknown[], declared: readonly string[] | undefined): Requirement {
  const fault = roles.map((role) => validateRole(role, declared)).find((found) => found !== undefined);
  if (fault !== undefined) throw new ConfigurationError(fault);
  return combineRoles(roles);
}

/** What roles without a fault require, each thing once. */
export function combineRoles(roles: readonly unknown[]): Requirement {
  const [first] = roles;
  if (roles.length === 1 && typeof first === 'string') return createRequirement([first]); // as most routes have it
  const anyOf = roles.filter((role) => role instanceof AnyOf).map(({ scopes }) => scopes);
  return createRequirement(
    [...new Set(roles.filter((role) => typeof role === 'string'))],
    anyOf.length > 1 ? distinct(anyOf) : anyOf,
    [...new Set(roles.filter((role): role is Policy => typeof role === 'function'))],
  );
}

function createRequirement(
  allOf: readonly string[],
  anyOf: Requirement['anyOf'] = [],
  policies: readonly Policy[] = [],
): Requirement {
  const scopes = Object.freeze(anyOf.length > 0 ? [...new Set([...allOf, ...anyOf.flat()])] : [...allOf]);
  return { allOf, anyOf, policies, scopes };
}

/** Lists of the same scopes ask for the same. */
function distinct(alternatives: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(alternatives.map((scopes) => [[...scopes].sort().join(' '), scopes])).values()];
}

/** What is wrong with one role, with what to do about it; undefined where nothing is. */
export function validateRole(role: unknown, declared: readonly string[] | undefined): string | undefined {
  if (typeof role === 'function') return undefined;
  if (role instanceof AnyOf) return role.scopes.map((scope) => validateScope(scope, declared)).find(Boolean);
  if (typeof role === 'string') return validateScope(role, declared);
  return '@Authorized takes scopes (text), anyOf(…) and policies (functions), alone or in a list';
}

function validateScope(scope: string, declared?: readonly string[]): string | undefined {
  if (!isScopeToken(scope)) {
    return `'${scope}' is no scope: a scope is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3); give several as a list`;
  }
  if (declared && !declared.includes(scope)) {
    return `the scope '${scope}' is not among the manager's scopes.${didYouMean(scope, declared)}`;
  }
  return undefined;
}

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
