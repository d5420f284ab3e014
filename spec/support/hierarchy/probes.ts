import { SCOPES } from './description';
import type { ExpectedRoute } from './oracle';

/** A request to a route, and what it must be answered with. */
export interface Probe {
  /** Why it is sent. */
  readonly name: string;
  /** The scopes of its token; none is sent where there are none. */
  readonly scopes?: readonly string[];
  /** The policy that says no. */
  readonly denied?: string;
  readonly status: 200 | 401 | 403;
}

/** The requests that tell a route's requirement from any other: each word of it is once the only one that fails. */
export function probesOf(route: ExpectedRoute): Probe[] {
  const anonymous = { name: 'without a token', status: route.public ? 200 : 401 } as const;
  if (route.public) return [anonymous, { name: 'with a token', scopes: [], status: 200 }];
  const least = (choice: 0 | -1) => [
    ...new Set([...route.scopes, ...route.anyOf.map((one) => one.at(choice) as string)]),
  ];
  return [
    anonymous,
    ...route.scopes.map((scope) => refused(`without the scope ${scope}`, [scope])),
    ...route.anyOf.map((scopes) => refused(`without any of ${scopes}`, scopes)),
    ...route.policies.map((denied) => ({ name: `without ${denied}`, scopes: SCOPES, denied, status: 403 as const })),
    { name: 'with the first alternatives', scopes: least(0), status: 200 },
    ...(route.anyOf.length > 0
      ? [{ name: 'with the last alternatives', scopes: least(-1), status: 200 as const }]
      : []),
  ];
}

function refused(name: string, missing: readonly string[]): Probe {
  return { name, scopes: SCOPES.filter((scope) => !missing.includes(scope)), status: 403 };
}
