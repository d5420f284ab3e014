import {
  type Class,
  type ClassChain,
  type ControllerMetadata,
  type MemberMetadata,
  requiresUser,
} from './controller-metadata';
import { isPublic } from './public';
import { combineRoles, NO_REQUIREMENT, type Requirement, validateRole } from './requirement';

/** What a route requires of a request. */
export interface Access {
  /** Whether the route is open to everybody, with or without a login. */
  readonly isPublic: boolean;
  /** What the user must meet; `NO_REQUIREMENT` if the route is public. */
  readonly requirement: Requirement;
}

/** The manager's options that decide about routes. */
export interface AccessRules {
  readonly declaredScopes: readonly string[] | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
}

/** One method of one controller, with its decorators along the class chain. */
export interface RouteMetadata extends ClassChain {
  readonly method: string;
  /** The decorators of the method in each class of the chain. */
  readonly methods: readonly MemberMetadata[];
  /** Whether `@CurrentUser()` without an option requires a user (routing-controllers' `defaults`). */
  readonly requiredByDefault: boolean;
}

/** One `@Authorized`, or a required current user, and the member that declares it. */
interface Guard {
  readonly roles: readonly unknown[];
  readonly member: MemberMetadata;
}

/** Returns the metadata of one route. */
export function getRouteMetadata(
  controller: Class,
  method: string,
  metadata: ControllerMetadata,
  requiredByDefault: boolean,
): RouteMetadata {
  const { chain, classes, inherits } = metadata.chainOf(controller);
  return { chain, classes, inherits, method, methods: metadata.membersOf(chain, method), requiredByDefault };
}

/**
 * Decides what a route requires; servers, `routes()` and the OpenAPI document all ask this function. The guards of every
 * class of the chain, and of the method in every class, add up. `@Public` applies only as the most specific declaration.
 *
 * @returns The access, and every problem; with a problem the access denies everything.
 */
export function resolveAccess(route: RouteMetadata, rules: AccessRules): { access: Access; problems: string[] } {
  const classGuards = getGuards(route.classes, false);
  const methodGuards = getGuards(route.methods, route.requiredByDefault);
  const problems: string[] = [];
  addRoleProblems(classGuards, rules, undefined, problems);
  addRoleProblems(methodGuards, rules, route.method, problems);
  addContradictions(route, problems);
  if (problems.length > 0) return { access: NO_ACCESS, problems };

  const isOpened =
    isPublic(declaringClass(route), route.method) || (methodGuards.length === 0 && isPublic(route.chain[0] as Class));
  const isOpenByDefault = methodGuards.length + classGuards.length === 0 && rules.defaultAccess === 'public';
  if (isOpened || isOpenByDefault) return { access: PUBLIC_ACCESS, problems };
  const roles = [...classGuards, ...methodGuards].flatMap((guard) => guard.roles);
  return { access: { isPublic: false, requirement: combineRoles(roles) }, problems };
}

const PUBLIC_ACCESS: Access = { isPublic: true, requirement: NO_REQUIREMENT };
const NO_ACCESS: Access = { isPublic: false, requirement: NO_REQUIREMENT };

/** Collects guards; a parameter that requires the current user counts as one without roles. */
function getGuards(members: readonly MemberMetadata[], requiredByDefault: boolean): Guard[] {
  const guards: Guard[] = [];
  for (const member of members) {
    for (const value of member.authorized) guards.push({ roles: toRoles(value), member });
    if (member.params.some((param) => requiresUser(param, requiredByDefault))) guards.push({ roles: [], member });
  }
  return guards;
}

/** Normalizes the argument of `@Authorized`. For undefined the metadata is the same as for no argument at all. */
function toRoles(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? Array.from(value) : [value];
}

function addRoleProblems(
  guards: readonly Guard[],
  { declaredScopes }: AccessRules,
  method: string | undefined,
  problems: string[],
): void {
  for (const { roles, member } of guards) {
    for (const role of roles) {
      const problem = validateRole(role, declaredScopes);
      if (problem !== undefined) problems.push(`${memberName(member, method)}: ${problem}`);
    }
  }
}

function addContradictions(route: RouteMetadata, problems: string[]): void {
  for (const member of route.classes) {
    if (member.authorized.length > 0 && isPublic(member.type))
      problems.push(`${memberName(member)} has both @Public() and @Authorized(); remove one of them`);
  }
  route.methods.forEach((member, index) => {
    if (!isPublic(member.type, route.method)) return;
    const [guard] = getGuards(route.methods.slice(index), route.requiredByDefault);
    if (guard) problems.push(describeContradiction(member, guard.member, route.method));
  });
}

function describeContradiction(member: MemberMetadata, guarded: MemberMetadata, method: string): string {
  const name = memberName(member, method);
  if (guarded !== member)
    return `${name} has @Public(), but overrides ${memberName(guarded, method)}, which is guarded; rename it or remove @Public()`;
  if (member.authorized.length > 0) return `${name} has both @Public() and @Authorized(); remove one of them`;
  return `${name} has @Public(), but requires a current user; remove @Public() or write @CurrentUser({ required: false })`;
}

/** Returns the class whose implementation of the method runs. */
function declaringClass({ chain, method }: RouteMetadata): Class {
  return chain.find(({ prototype }) => Object.hasOwn(prototype, method)) ?? (chain[0] as Class);
}

function memberName({ type }: MemberMetadata, method?: string): string {
  return method === undefined ? type.name : `${type.name}.${method}`;
}
