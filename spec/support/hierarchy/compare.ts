import type { Route } from '../../../src';
import type { ExpectedRoute } from './oracle';

/**
 * One line for each route, sorted, so that two lists of routes compare as texts and a failure shows them. Alternatives
 * and policies are sets; scopes are compared in their order.
 */
export function linesOf(routes: readonly (Route | ExpectedRoute)[]): string {
  return routes.map(lineOf).sort().join('\n');
}

function lineOf({ method, path, controller, action, ...access }: Route | ExpectedRoute): string {
  const anyOf = access.anyOf.map((scopes) => `(${[...scopes].sort().join(' | ')})`).sort();
  const policies = access.policies.map((policy) => `${policy}()`).sort();
  const needs = [access.public ? 'public' : 'login', ...access.scopes, ...anyOf, ...policies].join(' & ');
  return `${method} ${path} ${controller}.${action}: ${needs}`;
}

/** Those of these classes and methods (`Base0`, `Base0.first`) that a message does not name. */
export function notNamedIn(message: string, names: readonly string[]): string[] {
  return names.filter((name) => !new RegExp(`\\b${name}\\b(?!\\.\\w)`).test(message));
}
