import { ACRS, type Acr, SCOPES, type StepUpDescription } from './description';
import type { ExpectedRoute } from './oracle';

/** How old a login is, and how strong. */
export interface Login {
  /** Seconds. */
  readonly age: number;
  readonly acr?: Acr | undefined;
}

/** A request to a route, and what it must be answered with. */
export interface Probe {
  /** Why it is sent. */
  readonly name: string;
  /** The scopes of its token; none is sent where there are none. */
  readonly scopes?: readonly string[];
  /** The policy that says no. */
  readonly denied?: string;
  /** That of its token. */
  readonly login?: Login | undefined;
  readonly status: 200 | 401 | 403;
}

/** The requests that tell a route's requirement from any other: each word of it is once the only one that fails. */
export function probesOf(route: ExpectedRoute): Probe[] {
  const anonymous = { name: 'without a token', status: route.public ? 200 : 401 } as const;
  if (route.public) return [anonymous, { name: 'with a token', scopes: [], status: 200 }];
  const least = (choice: 0 | -1) => [
    ...new Set([...route.scopes, ...route.anyOf.map((one) => one.at(choice) as string)]),
  ];
  const login = loginFor(route.stepUp);
  const ifStrong = (status: 200 | 403): Probe['status'] => (meets(login, route.stepUp) ? status : 401);
  const probes: Probe[] = [
    ...route.scopes.map((scope) => refused(`without the scope ${scope}`, [scope])),
    ...route.anyOf.map((scopes) => refused(`without any of ${scopes}`, scopes)),
    ...route.policies.map((denied) => ({ name: `without ${denied}`, scopes: SCOPES, denied, status: ifStrong(403) })),
    { name: 'with the first alternatives', scopes: least(0), status: ifStrong(200) },
    ...(route.anyOf.length > 0
      ? [{ name: 'with the last alternatives', scopes: least(-1), status: ifStrong(200) }]
      : []),
  ];
  return [
    anonymous,
    ...probes.map((probe) => ({ ...probe, login })),
    ...loginsAround(route.stepUp).map((one) => ({
      name: `with a login of ${one.age} seconds and ${one.acr}`,
      scopes: SCOPES,
      login: one,
      status: meets(one, route.stepUp) ? (200 as const) : (401 as const),
    })),
  ];
}

function refused(name: string, missing: readonly string[]): Probe {
  return { name, scopes: SCOPES.filter((scope) => !missing.includes(scope)), status: 403 };
}

/** Far from the limits, in seconds: the clock of these specs runs. */
const SAFE = 600;

/** A login that is just good enough, where there is one. */
export function loginFor({ maxAge = SAFE, acr = [] }: StepUpDescription = {}): Login {
  return { age: maxAge - SAFE, acr: acr[0] };
}

export function meets(login: Login, { maxAge, acr }: StepUpDescription = {}): boolean {
  return (maxAge === undefined || login.age <= maxAge) && (!acr || acr.some((value) => value === login.acr));
}

/** Logins of which one thing is different from {@link loginFor}. */
function loginsAround(stepUp: StepUpDescription | undefined): Login[] {
  if (!stepUp) return [];
  const login = loginFor(stepUp);
  const tooOld = stepUp.maxAge === undefined ? [] : [{ ...login, age: stepUp.maxAge + SAFE }];
  return [...tooOld, ...(stepUp.acr ? [undefined, ...ACRS] : []).map((acr) => ({ ...login, acr }))];
}
