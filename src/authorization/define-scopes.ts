import { Authorized } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { createExpansion, type ExpandScopes } from '../util/implied-scopes';
import { copyOwnProperties } from '../util/own-properties';
import { isScopeToken } from '../util/scope';
import { assertKnownKeys } from '../util/validate';
import { invalidArgument } from '../util/validate-arguments';
import { type AllOf, type AnyOf, allOf, anyOf } from './alternatives';
import type { Policy } from './policy';
import { validateRole } from './requirement';
import type { StepUp } from './step-up';

/**
 * A scope that implies others.
 *
 * @example
 * ```ts
 * { description: 'Write notes', implies: ['notes:read'] }
 * ```
 */
export interface ScopeDefinition<Name extends string = string> {
  /** What the scope allows, for people. The OpenAPI document shows it. */
  readonly description: string;
  /** The scopes that this one includes, with those that they imply themselves. Default: none. */
  readonly implies?: readonly Name[];
}

/** Scopes by their names, each with a description or a {@link ScopeDefinition}. */
export type ScopeDefinitions<Name extends string = string> = {
  readonly [K in Name]: string | ScopeDefinition<NoInfer<Name>>;
};

/** An argument of `anyOf` and `allOf` of defined scopes: one of the scopes, a policy, or a nested `anyOf` or `allOf`. */
export type DefinedAlternative<Name extends string> = Name | Policy | AnyOf | AllOf;

/** A role that `Authorized` of defined scopes accepts, alone or in an array. */
export type DefinedRole<Name extends string> = DefinedAlternative<Name> | StepUp;

/** Scopes whose names the compiler knows; returned by {@link defineScopes}. Its methods can be destructured. */
export class DefinedScopes<Name extends string = string> {
  /** The names of the scopes, in their order. */
  readonly names: readonly Name[];

  /** @internal The descriptions by their names, with what each scope implies. */
  readonly descriptions: Readonly<Record<string, string>>;

  /** @internal */
  readonly withImplied: ExpandScopes;

  /** @internal */
  constructor(definitions: ReadonlyMap<string, ScopeDefinition>) {
    this.names = Object.freeze([...definitions.keys()] as Name[]);
    this.withImplied = createExpansion(new Map([...definitions].map(([name, { implies = [] }]) => [name, implies])));
    this.descriptions = Object.freeze(
      Object.fromEntries([...definitions].map(([name, definition]) => [name, describe(definition)])),
    );
    this.Authorized = this.Authorized.bind(this);
    this.anyOf = this.anyOf.bind(this);
    this.allOf = this.allOf.bind(this);
    this.expand = this.expand.bind(this);
    Object.freeze(this);
  }

  /**
   * Returns routing-controllers' `@Authorized` for these scopes, policies, {@link anyOf}, {@link allOf} and `stepUp`. Another
   * scope does not compile.
   *
   * @param roles - One role, or an array of which all are required. None requires a login only.
   * @throws {@link ConfigurationError} for another scope, for undefined and null, and for several arguments.
   * @example
   * ```ts
   * @notes.Authorized(['notes:write', isOwner])
   * @Put('/notes/:id')
   * ```
   */
  // biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its own decorators
  Authorized(...roles: [roles?: DefinedRole<Name> | readonly DefinedRole<Name>[]]): Function {
    if (roles.length > 1)
      throw new ConfigurationError('Authorized() takes one role or an array; pass an array', {
        section: 'routes-and-decorators',
      });
    this.check(roles.flat());
    return Authorized(...(roles as [never]));
  }

  /**
   * Requires one of these scopes and policies, as the function `anyOf` does.
   *
   * @throws {@link ConfigurationError} without arguments, for another scope, and for a value that is not a policy.
   * @example
   * ```ts
   * @notes.Authorized(notes.anyOf('notes:admin', isOwner))
   * ```
   */
  anyOf(...roles: DefinedAlternative<Name>[]): AnyOf {
    this.check(roles);
    return anyOf(...roles);
  }

  /**
   * Requires all of these scopes and policies, as the function `allOf` does.
   *
   * @throws {@link ConfigurationError} without arguments, for another scope, and for a value that is not a policy.
   * @example
   * ```ts
   * @notes.Authorized(notes.anyOf('notes:admin', notes.allOf('notes:write', isOwner)))
   * ```
   */
  allOf(...roles: DefinedAlternative<Name>[]): AllOf {
    this.check(roles);
    return allOf(...roles);
  }

  /**
   * Returns scopes with those that they imply, for your own comparisons. The checks of a manager do this themselves.
   *
   * @throws {@link ConfigurationError} for anything but an array of strings.
   * @example
   * ```ts
   * notes.expand(['notes:write']); // ['notes:write', 'notes:read']
   * ```
   */
  expand(scopes: readonly string[]): string[] {
    if (!Array.isArray(scopes) || !Array.from(scopes).every((scope) => typeof scope === 'string'))
      throw invalidArgument("expand() requires an array of scopes; write expand(['notes:write'])");
    return [...new Set(this.withImplied([...scopes]))];
  }

  private check(roles: readonly unknown[]): void {
    const problem = Array.from(roles, (role) => validateRole(role, this.names)).find((found) => found !== undefined);
    if (problem !== undefined) throw new ConfigurationError(problem, { section: 'routes-and-decorators' });
  }
}

/**
 * Defines the scopes of an application, so that the compiler knows their names. The result is the option `scopes` of the
 * manager, and the third argument of `grantScopes`.
 *
 * A scope includes the scopes that it `implies`, in every check and in the `scopes` of `authenticate()`. Tokens contain
 * only the granted scopes, without implied ones.
 *
 * @throws {@link ConfigurationError} for an invalid scope name, for an implied scope that is not defined, and for
 * scopes that imply each other.
 * @example
 * ```ts
 * const notes = defineScopes({
 *   'notes:read': 'Read notes',
 *   'notes:write': { description: 'Write notes', implies: ['notes:read'] },
 * });
 * const lm = new LoginManager<Account>(SECRET, '/login', { scopes: notes });
 * ```
 */
export function defineScopes<const Name extends string>(definitions: ScopeDefinitions<Name>): DefinedScopes<Name> {
  return new DefinedScopes<Name>(parseDefinitions(definitions, 'defineScopes()'));
}

/**
 * Parses the option `scopes`.
 *
 * @throws {@link ConfigurationError} as {@link defineScopes} does.
 */
export function parseScopes(scopes: ScopeDefinitions | DefinedScopes | undefined): DefinedScopes | undefined {
  if (scopes === undefined || scopes instanceof DefinedScopes) return scopes;
  return new DefinedScopes(parseDefinitions(scopes, 'scopes'));
}

function parseDefinitions(value: unknown, what: string): ReadonlyMap<string, ScopeDefinition> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidDefinitions(what);
  return new Map(
    Object.entries(value).map(([name, definition]) => [name, parseDefinition(name, definition, what)] as const),
  );
}

function parseDefinition(name: string, value: unknown, what: string): ScopeDefinition {
  const given = typeof value === 'string' ? { description: value } : value;
  if (!isScopeToken(name) || typeof given !== 'object' || given === null) throw invalidDefinitions(what);
  const own: { description?: unknown; implies?: unknown } = copyOwnProperties(given);
  const { description, implies } = own;
  if (typeof description !== 'string' || !isListOfStrings(implies)) throw invalidDefinitions(what);
  assertKnownKeys(own, ['description', 'implies'], `the scope '${name}'`);
  return { description, implies: [...(implies ?? [])] };
}

function invalidDefinitions(what: string): ConfigurationError {
  return new ConfigurationError(
    `${what} must be an object of names and descriptions, such as { 'notes:read': 'Read notes' }, or of { description, implies }; a name is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3)`,
  );
}

function isListOfStrings(value: unknown): value is readonly string[] | undefined {
  return value === undefined || (Array.isArray(value) && Array.from(value).every((one) => typeof one === 'string'));
}

function describe({ description, implies = [] }: ScopeDefinition): string {
  return implies.length > 0 ? `${description} (implies ${implies.join(', ')})` : description;
}
