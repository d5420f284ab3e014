import type { Route } from '../../../src/index';
import { branchSource } from './description';
import type { ExpectedRoute } from './oracle';

type AnyRoute = Route | ExpectedRoute;

/**
 * What was decided of routes and what should have been, one line for each; undefined where that is the same.
 * Alternatives and policies are sets; scopes are compared in their order.
 */
export function differenceOf(decided: readonly AnyRoute[], expected: readonly AnyRoute[]): string | undefined {
  const [actual, wanted] = [decided, expected].map((routes) => routes.map(lineOf).sort().join('\n'));
  return actual === wanted ? undefined : `${actual}\ninstead of\n${wanted}`;
}

function lineOf({ method, path, controller, action, ...access }: AnyRoute): string {
  const mixed = 'mixed' in access ? access.mixed.map((group) => group.map((branch) => branchSource(branch))) : [];
  const groups = [...access.anyOf, ...mixed].map((scopes) => `(${[...scopes].sort().join(' | ')})`);
  const anyOf = [...new Set(groups)].sort();
  const policies = access.policies.map((policy) => `${policy}()`).sort();
  const { maxAge, acr } = access.stepUp ?? {};
  const stepUp = access.stepUp ? [`login of ${maxAge} seconds, ${acr && [...acr].sort()}`] : [];
  const needs = [access.public ? 'public' : 'login', ...access.scopes, ...anyOf, ...policies, ...stepUp].join(' & ');
  return `${method} ${path} ${controller}.${action}: ${needs}`;
}

/** Those of these classes and methods (`Base0`, `Base0.first`) that a message does not name. */
export function notNamedIn(message: string, names: readonly string[]): string[] {
  return names.filter((name) => !new RegExp(`\\b${name}\\b(?!\\.\\w)`).test(message));
}
