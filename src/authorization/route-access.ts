import {
  type Class,
  type ClassChain,
  type ControllerMetadata,
  type MemberMetadata,
  requiresUser,
} from './controller-metadata';
import { isPublic } from './public';
import { combineRoles, NO_REQUIREMENT, type Requirement, validateRole } from './requirement';

/** What a route asks of a visitor. */
export interface Access {
  /** Whether everybody may come, logged in or not. */
  readonly isPublic: boolean;
  /** What is asked of who is logged in; nothing where the route is public. */
  readonly requirement: Requirement;
}

/** What a manager says about all routes. */
export interface AccessRules {
  readonly declaredScopes: readonly string[] | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
}

/** One method of one controller, with what is declared of it along the chain of its classes, the derived first. */
export interface RouteMetadata extends ClassChain {
  readonly method: string;
  /** What each class declares of the method. */
  readonly methods: readonly MemberMetadata[];
  /** Whether a current user is required where the parameter does not say (routing-controllers' `defaults`). */
  readonly requiredByDefault: boolean;
}

/** One `@Authorized`, or what amounts to one, and who says it. */
interface Guard {
  readonly roles: readonly unknown[];
  readonly member: MemberMetadata;
}

export function getRouteMetadata(
  controller: Class,
  method: string,
  declarations: ControllerMetadata,
  requiredByDefault: boolean,
): RouteMetadata {
  const { chain, classes, inherits } = declarations.chainOf(controller);
  return { chain, classes, inherits, method, methods: declarations.membersOf(chain, method), requiredByDefault };
}

/**
 * The one place that decides what a route needs. The guards of all classes of the chain, and of the method wherever it
 * is declared, add up; `@Public` opens only as the nearest word.
 *
 * @returns The access, and every problem there is; with a problem the access means nothing.
 */
export function resolveAccess(route: RouteMetadata, rules: AccessRules): { access: Access; problems: string[] } {
  const ofClasses = guardsOf(route.classes, false);
  const ofMethod = guardsOf(route.methods, route.requiredByDefault);
  const problems: string[] = [];
  addRoleProblems(ofClasses, rules, undefined, problems);
  addRoleProblems(ofMethod, rules, route.method, problems);
  addContradictions(route, problems);
  if (problems.length > 0) return { access: NO_ACCESS, problems };

  const opened =
    isPublic(declaringClass(route), route.method) || (ofMethod.length === 0 && isPublic(route.chain[0] as Class));
  const isOpenByDefault = ofMethod.length + ofClasses.length === 0 && rules.defaultAccess === 'public';
  if (opened || isOpenByDefault) return { access: PUBLIC_ACCESS, problems };
  const roles = [...ofClasses, ...ofMethod].flatMap((guard) => guard.roles);
  return { access: { isPublic: false, requirement: combineRoles(roles) }, problems };
}

const PUBLIC_ACCESS: Access = { isPublic: true, requirement: NO_REQUIREMENT };
const NO_ACCESS: Access = { isPublic: false, requirement: NO_REQUIREMENT };

/** A user that a parameter requires is a login that the route requires. */
function guardsOf(members: readonly MemberMetadata[], requiredByDefault: boolean): Guard[] {
  const guards: Guard[] = [];
  for (const member of members) {
    for (const value of member.authorized) guards.push({ roles: rolesOf(value), member });
    if (member.params.some((param) => requiresUser(param, requiredByDefault))) guards.push({ roles: [], member });
  }
  return guards;
}

/** What `@Authorized` was given: nothing, one role, or a list. */
function rolesOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function addRoleProblems(
  guards: readonly Guard[],
  { declaredScopes }: AccessRules,
  method: string | undefined,
  problems: string[],
): void {
  for (const { roles, member } of guards) {
    for (const role of roles) {
      const fault = validateRole(role, declaredScopes);
      if (fault !== undefined) problems.push(`${nameOf(member, method)}: ${fault}`);
    }
  }
}

function addContradictions(route: RouteMetadata, problems: string[]): void {
  for (const member of route.classes) {
    if (member.authorized.length > 0 && isPublic(member.type))
      problems.push(`${nameOf(member)} is @Public and @Authorized at once: take one away`);
  }
  route.methods.forEach((member, index) => {
    if (!isPublic(member.type, route.method)) return;
    const [guard] = guardsOf(route.methods.slice(index), route.requiredByDefault);
    if (guard) problems.push(contradiction(member, guard.member, route.method));
  });
}

function contradiction(member: MemberMetadata, guarded: MemberMetadata, method: string): string {
  const name = nameOf(member, method);
  if (guarded !== member)
    return `${name} is @Public, but overrides ${nameOf(guarded, method)}, which is guarded: give it another name`;
  if (member.authorized.length > 0) return `${name} is @Public and @Authorized at once: take one away`;
  return `${name} is @Public, but requires a current user: take one away, or write @CurrentUser({ required: false })`;
}

/** The class whose text of the method is run. */
function declaringClass({ chain, method }: RouteMetadata): Class {
  return chain.find(({ prototype }) => Object.hasOwn(prototype, method)) ?? (chain[0] as Class);
}

function nameOf({ type }: MemberMetadata, method?: string): string {
  return method === undefined ? type.name : `${type.name}.${method}`;
}
