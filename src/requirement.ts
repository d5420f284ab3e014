import type { Action } from 'routing-controllers';
import { ConfigurationError } from './errors/configuration-error';
import type { TokenPayload } from './jwt/token-payload';
import { isScopeToken } from './scope';
import { didYouMean } from './suggestion';

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
  for (const scope of scopes) checkScope(scope);
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
}

/**
 * @param roles - As `@Authorized` was given them.
 * @param declared - The scopes of the manager, where it declares any: others are then refused.
 * @throws {@link ConfigurationError} for a role that is no scope, alternatives or function, or no declared scope.
 */
export function parseRequirement(roles: readonly unknown[], declared: readonly string[] | undefined): Requirement {
  const scopes = roles.filter((role) => typeof role === 'string');
  const alternatives = roles.filter((role) => role instanceof AnyOf).map((role) => role.scopes);
  const policies = roles.filter((role) => typeof role === 'function') as Policy[];
  if (scopes.length + alternatives.length + policies.length < roles.length) {
    throw new ConfigurationError('@Authorized takes scopes (text), anyOf(…) and policies (functions), alone or in a list');
  }
  for (const scope of [...scopes, ...alternatives.flat()]) checkScope(scope, declared);
  return { allOf: [...new Set(scopes)], anyOf: alternatives, policies };
}

function checkScope(scope: string, declared?: readonly string[]): void {
  if (!isScopeToken(scope)) {
    throw new ConfigurationError(`'${scope}' is no scope: a scope is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3); give several as a list`);
  }
  if (declared && !declared.includes(scope)) {
    throw new ConfigurationError(`The scope '${scope}' is not among the manager's scopes.${didYouMean(scope, declared)}`);
  }
}
