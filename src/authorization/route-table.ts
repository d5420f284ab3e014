import type { Access } from './route-access';

/** What was decided about one route; for people to read and for tests to compare. */
export interface Route {
  /** `'GET'`, …, or `'ALL'`. */
  readonly method: string;
  /** With the prefixes; a regular expression as text. */
  readonly path: string;
  /** The class, */
  readonly controller: string;
  /** and its method. */
  readonly action: string;
  /** Whether everybody may come, logged in or not. */
  readonly public: boolean;
  /** All of these are needed. */
  readonly scopes: readonly string[];
  /** One of each of these lists is needed. */
  readonly anyOf: readonly (readonly string[])[];
  /** The names of the functions that must all answer true. */
  readonly policies: readonly string[];
}

/** What stands for the name of a function that has none. */
const anonymous = '(anonymous)';

export function describeRoute(method: string, path: string, controller: string, action: string, access: Access): Route {
  const { allOf, anyOf, policies } = access.requirement;
  return {
    method: method.toUpperCase(),
    path,
    controller,
    action,
    public: access.isPublic,
    scopes: [...allOf].sort(),
    anyOf: anyOf.map((alternatives) => [...alternatives].sort()),
    policies: policies.map(({ name }) => name || anonymous),
  };
}

/** By path, then method, then controller. */
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

/** A table of routes and of what each needs, for people. */
export function formatRoutes(routes: readonly Route[]): string {
  const rows = [
    ['METHOD', 'PATH', 'NEEDS', 'HANDLER'],
    ...routes.map((route) => [route.method, route.path, needsOf(route), `${route.controller}.${route.action}`]),
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

function needsOf({ public: isPublic, scopes, anyOf, policies }: Route): string {
  if (isPublic) return '(public)';
  const needs = [
    ...scopes,
    ...anyOf.map((alternatives) => alternatives.join(' | ')),
    ...policies.map((name) => (name === anonymous ? name : `${name}()`)),
  ];
  return needs.join(', ') || '(login)';
}
