import { describeRole } from './alternatives';
import type { Access } from './route-access';
import { describeStepUp, type StepUpRequirement } from './step-up';

/** A route and its requirements, as `routes()` returns it. */
export interface Route {
  /** `'GET'`, …, or `'ALL'`. */
  readonly method: string;
  /** The path with its prefixes; a regular expression as a string. */
  readonly path: string;
  /** Name of the controller class. */
  readonly controller: string;
  /** Name of the method. */
  readonly action: string;
  /** Whether the route is open to everybody, with or without a login. */
  readonly public: boolean;
  /** Scopes that are all required. */
  readonly scopes: readonly string[];
  /**
   * Groups of which one is required: scopes, policies as `'isOwner()'`, and `allOf` as `'allOf(notes:write, isOwner())'`.
   */
  readonly anyOf: readonly (readonly string[])[];
  /** Names of the policies that must all return true. */
  readonly policies: readonly string[];
  /** How recent (seconds) and how strong the login must be. Absent if any will do. */
  readonly stepUp?: StepUpRequirement;
}

/** The name that is shown for a policy without one. */
const anonymous = '(anonymous)';

/** Describes a route. */
export function describeRoute(method: string, path: string, controller: string, action: string, access: Access): Route {
  const { allOf, anyOf, policies, alternatives, stepUp } = access.requirement;
  return {
    method: method.toUpperCase(),
    path,
    controller,
    action,
    public: access.isPublic,
    scopes: [...allOf].sort(),
    anyOf: [...anyOf.map((scopes) => [...scopes].sort()), ...alternatives.map(({ roles }) => roles.map(describeRole))],
    policies: policies.map(({ name }) => name || anonymous),
    ...(stepUp && { stepUp }),
  };
}

/** Compares routes by path, method, controller and action. */
export function compareRoutes(a: Route, b: Route): number {
  return (
    compare(a.path, b.path) ||
    compare(a.method, b.method) ||
    compare(a.controller, b.controller) ||
    compare(a.action, b.action)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * Formats routes as a table of what each requires.
 *
 * @example
 * ```ts
 * console.log(formatRoutes(manager.routes({ controllers: [Notes] })));
 * ```
 */
export function formatRoutes(routes: readonly Route[]): string {
  const rows = [
    ['METHOD', 'PATH', 'NEEDS', 'HANDLER'],
    ...routes.map((route) => [route.method, route.path, describeNeeds(route), `${route.controller}.${route.action}`]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function describeNeeds({ public: isPublic, scopes, anyOf, policies, stepUp }: Route): string {
  if (isPublic) return '(public)';
  const needs = [
    ...scopes,
    ...anyOf.map((alternatives) => alternatives.join(' | ')),
    ...policies.map((name) => (name === anonymous ? name : `${name}()`)),
    ...(stepUp ? [describeStepUp(stepUp)] : []),
  ];
  return needs.join(', ') || '(login)';
}
