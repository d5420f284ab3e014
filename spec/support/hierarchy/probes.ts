import {
  ACRS,
  type Acr,
  type Branch,
  type Group,
  type Implications,
  isPolicy,
  type Leaf,
  leavesOfBranch,
  POLICIES,
  type PolicyName,
  SCOPES,
  type Scope,
  type StepUpDescription,
  SUBJECTS,
  subjectOf,
} from './description';
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
  /** The subjects that there are not, separated by commas. */
  readonly missing?: string;
  /** That of its token. */
  readonly login?: Login | undefined;
  readonly status: 200 | 401 | 403 | 404;
  /** The policies that may be asked, because their answer matters. */
  readonly asked?: readonly string[];
}

/** The requests that tell a route's requirement from any other: each word of it is once the only one that fails. */
export function probesOf(route: ExpectedRoute): Probe[] {
  const anonymous = { name: 'without a token', status: route.public ? 200 : 401 } as const;
  if (route.public) return [anonymous, { name: 'with a token', scopes: [], status: 200 }];
  const usual = loginFor(route.stepUp);
  const probe = (
    name: string,
    scopes: readonly string[],
    denied: readonly string[] = [],
    { login = usual, missing = [] }: { login?: Login; missing?: readonly string[] } = {},
  ): Probe => ({
    name,
    scopes,
    login,
    ...(denied.length > 0 && { denied: denied.join() }),
    ...(missing.length > 0 && { missing: missing.join() }),
    ...answerTo(route, { scopes, denied, missing, login }),
  });
  const without = (missing: readonly string[]) =>
    SCOPES.filter((scope) => !withImplied([scope], route.implies).some((one) => missing.includes(one)));
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
    ...SCOPES.filter((scope) => route.implies[scope]?.length).map((scope) => probe(`with ${scope} alone`, [scope])),
    ...subjectsOf(route).flatMap((name) => [
      probe(`without a ${name}`, SCOPES, [], { missing: [name] }),
      probe(`without a ${name} and with the first alternatives`, least(0), [], { missing: [name] }),
    ]),
    ...(route.policies.length > 1 ? [probe('with a refusal and nothing there', SCOPES, POLICIES, NOTHING)] : []),
    ...route.mixed
      .flat()
      .flatMap((branch) => choicesOf(branch))
      .flatMap((branch) => {
        const scopes = [...new Set([...least(0), ...branch.filter((name) => !isPolicy(name))])];
        const others = POLICIES.filter((name) => !branch.includes(name) && !route.policies.includes(name));
        return [
          probe(`with ${branch} alone`, scopes, others),
          probe(`with ${branch} alone, and nothing there`, scopes, others, NOTHING),
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
      probe(`with a login of ${login.age} seconds and ${login.acr}`, SCOPES, [], { login }),
    ),
  ];
}

/** What the policies of a route are about. */
function subjectsOf({ policies, mixed }: ExpectedRoute): string[] {
  const names = [...policies, ...mixed.flat().flatMap(leavesOfBranch)].filter(isPolicy);
  return [...new Set(names.flatMap((name) => subjectOf(name)?.name ?? []))];
}

const NOTHING = { missing: Object.values(SUBJECTS).map(({ name }) => name) };

/** A branch without groups: with the first role of each, and with the last. */
function choicesOf(branch: Branch): Leaf[][] {
  const choose = (choice: 0 | -1) =>
    branch.map((one) => (typeof one === 'string' ? one : (one.any.at(choice) as Leaf)));
  return branch.every((one) => typeof one === 'string') ? [choose(0)] : [choose(0), choose(-1)];
}

/** "Whoever has a scope has what it implies, too." */
export function withImplied(scopes: readonly string[], implies: Implications): string[] {
  return [...new Set(scopes.flatMap((scope) => [scope, ...withImplied(implies[scope as Scope] ?? [], implies)]))];
}

interface Asked {
  readonly scopes: readonly string[];
  readonly denied: readonly string[];
  readonly missing: readonly string[];
  readonly login: Login;
}

/** Scopes first, then the login, then what policies are about, then the policies. */
function answerTo(
  { scopes, anyOf, mixed, policies, stepUp, implies }: ExpectedRoute,
  { scopes: granted, denied, missing, login }: Asked,
): Pick<Probe, 'status' | 'asked'> {
  const all = withImplied(granted, implies);
  const has = (scope: string) => all.includes(scope);
  const byScopes: Known = (name) => (isPolicy(name) ? undefined : has(name));
  const groups = mixed.map((group) => truthOf(group, byScopes));
  if (!scopes.every(has) || !anyOf.every((group) => group.some(has)) || groups.includes(false)) return { status: 403 };
  if (!meets(login, stepUp)) return { status: 401 };
  const asked = [...new Set([...policies, ...mixed.flatMap((group) => undecided(group, byScopes))])] as PolicyName[];
  const subjects = asked.flatMap((name) => subjectOf(name) ?? []);
  if (subjects.some(({ name }) => missing.includes(name))) return { status: 404, asked: [] };
  const known: Known = (name) => (isPolicy(name) ? !denied.includes(name) : has(name));
  if (policies.every((name) => known(name as Leaf)) && mixed.every((group) => truthOf(group, known)))
    return { status: 200, asked };
  return { status: subjects.some(({ isHidden }) => isHidden) ? 404 : 403, asked };
}

type Known = (name: Leaf) => boolean | undefined;

/** Whether one of these branches is met; undefined where that depends on what is not known. */
function truthOf(group: readonly Branch[], known: Known): boolean | undefined {
  return any(group.map((branch) => truthOfBranch(branch, known)));
}

function truthOfBranch(branch: Branch, known: Known): boolean | undefined {
  const truths = branch.map((one) => truthOfPart(one, known));
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function truthOfPart(one: Leaf | Group, known: Known): boolean | undefined {
  return typeof one === 'string' ? known(one) : any(one.any.map(known));
}

function any(truths: readonly (boolean | undefined)[]): boolean | undefined {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

/** The policies whose answer may matter. */
function undecided(group: readonly Branch[], known: Known): Leaf[] {
  if (truthOf(group, known) !== undefined) return [];
  const parts = group.filter((branch) => truthOfBranch(branch, known) === undefined).flat();
  return leavesOfBranch(parts.filter((one) => truthOfPart(one, known) === undefined)).filter(isPolicy);
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
