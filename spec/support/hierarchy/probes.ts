import { ACRS, type Acr, isPolicy, POLICIES, SCOPES, type StepUpDescription } from './description';
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
  /** The policies that say no, separated by commas. */
  readonly denied?: string;
  /** That of its token. */
  readonly login?: Login | undefined;
  readonly status: 200 | 401 | 403;
}

/** The requests that tell a route's requirement from any other: each word of it is once the only one that fails. */
export function probesOf(route: ExpectedRoute): Probe[] {
  const anonymous = { name: 'without a token', status: route.public ? 200 : 401 } as const;
  if (route.public) return [anonymous, { name: 'with a token', scopes: [], status: 200 }];
  const usual = loginFor(route.stepUp);
  const probe = (name: string, scopes: readonly string[], denied: readonly string[] = [], login = usual): Probe => ({
    name,
    scopes,
    login,
    ...(denied.length > 0 && { denied: denied.join() }),
    status: statusOf(route, scopes, denied, login),
  });
  const least = (choice: 0 | -1) => [
    ...new Set([...route.scopes, ...route.anyOf.map((one) => one.at(choice) as string)]),
  ];
  return [
    anonymous,
    ...route.scopes.map((scope) => probe(`without the scope ${scope}`, without([scope]))),
    ...route.anyOf.map((scopes) => probe(`without any of ${scopes}`, without(scopes))),
    ...route.policies.map((denied) => probe(`without ${denied}`, SCOPES, [denied])),
    probe('with the first alternatives', least(0)),
    ...(route.anyOf.length > 0 ? [probe('with the last alternatives', least(-1))] : []),
    ...route.mixed.flat().flatMap((branch) => {
      const scopes = [...new Set([...least(0), ...branch.filter((name) => !isPolicy(name))])];
      const others = POLICIES.filter((name) => !branch.includes(name) && !route.policies.includes(name));
      return [
        probe(`with ${branch} alone`, scopes, others),
        ...branch.filter(isPolicy).map((name) => probe(`with ${branch} but ${name}`, scopes, [...others, name])),
        ...branch
          .filter((name) => !isPolicy(name))
          .map((lacked) =>
            probe(
              `with ${branch} but ${lacked}`,
              scopes.filter((scope) => scope !== lacked),
              others,
            ),
          ),
      ];
    }),
    ...loginsAround(route.stepUp).map((login) =>
      probe(`with a login of ${login.age} seconds and ${login.acr}`, SCOPES, [], login),
    ),
  ];
}

const without = (missing: readonly string[]) => SCOPES.filter((scope) => !missing.includes(scope));

/** Scopes first, then the login, then the policies. */
function statusOf(
  { scopes, anyOf, mixed, policies, stepUp }: ExpectedRoute,
  granted: readonly string[],
  denied: readonly string[],
  login: Login,
): 200 | 401 | 403 {
  const has = (scope: string) => granted.includes(scope);
  const meetsGroups = (isMet: (name: string) => boolean) =>
    mixed.every((group) => group.some((branch) => branch.every(isMet)));
  const couldPass =
    scopes.every(has) && anyOf.every((group) => group.some(has)) && meetsGroups((name) => isPolicy(name) || has(name));
  if (!couldPass) return 403;
  if (!meets(login, stepUp)) return 401;
  const allows = (name: string) => !denied.includes(name);
  return policies.every(allows) && meetsGroups((name) => (isPolicy(name) ? allows(name) : has(name))) ? 200 : 403;
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
