import { faultOf, nothing, parseRequirement, type Requirement } from '../requirement';
import { type Class, classChain, type Declarations, type Member } from './declarations';
import { isPublic } from './public';

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
export interface RouteDeclarations {
  readonly chain: readonly Class[];
  readonly method: string;
  readonly methods: readonly Member[];
  readonly classes: readonly Member[];
  /** Whether any class that the controller extends declares something. */
  readonly inherits: boolean;
  /** Whether a current user is required where the parameter does not say (routing-controllers' `defaults`). */
  readonly requiredByDefault: boolean;
}

/** One `@Authorized`, or what amounts to one, and who says it. */
interface Guard {
  readonly roles: readonly unknown[];
  readonly member: Member;
}

export function routeDeclarations(
  controller: Class,
  method: string,
  declarations: Declarations,
  requiredByDefault: boolean,
): RouteDeclarations {
  const chain = classChain(controller);
  const inherits = declarations.has(chain.slice(1));
  return {
    chain,
    method,
    methods: declarations.along(chain, method),
    classes: declarations.along(chain),
    inherits,
    requiredByDefault,
  };
}

/**
 * The one place that decides what a route needs. The guards of all classes of the chain, and of the method wherever it
 * is declared, add up; `@Public` opens only as the nearest word.
 *
 * @returns The access, and every problem there is; with a problem the access means nothing.
 */
export function resolveAccess(route: RouteDeclarations, rules: AccessRules): { access: Access; problems: string[] } {
  const ofClasses = guardsOf(route.classes);
  const ofMethod = guardsOf(route.methods, route.requiredByDefault);
  const problems = [
    ...faultsOf(ofClasses, rules),
    ...faultsOf(ofMethod, rules, route.method),
    ...contradictions(route),
  ];
  if (problems.length > 0) return { access: closed, problems };

  const opened =
    isPublic(ownerOfBody(route), route.method) || (ofMethod.length === 0 && isPublic(route.chain[0] as Class));
  const guards = [...ofClasses, ...ofMethod];
  if (opened || (guards.length === 0 && rules.defaultAccess === 'public')) return { access: open, problems };
  const requirement = parseRequirement(
    guards.flatMap(({ roles }) => roles),
    rules.declaredScopes,
  );
  return { access: { isPublic: false, requirement }, problems };
}

const open: Access = { isPublic: true, requirement: nothing };
const closed: Access = { isPublic: false, requirement: nothing };

/** A user that a parameter requires is a login that the route requires. */
function guardsOf(members: readonly Member[], requiredByDefault = false): Guard[] {
  const guards: Guard[] = [];
  for (const member of members) {
    for (const value of member.authorized)
      guards.push({ roles: value === undefined || value === null ? [] : [value].flat(), member });
    if (requiresUser(member, requiredByDefault)) guards.push({ roles: [], member });
  }
  return guards;
}

function requiresUser({ params }: Member, requiredByDefault: boolean): boolean {
  return params.some(({ type, required }) => type === 'current-user' && (required ?? requiredByDefault));
}

function faultsOf(guards: readonly Guard[], { declaredScopes }: AccessRules, method?: string): string[] {
  const faults: string[] = [];
  for (const { roles, member } of guards) {
    for (const role of roles) {
      const fault = faultOf(role, declaredScopes);
      if (fault !== undefined) faults.push(`${nameOf(member, method)}: ${fault}`);
    }
  }
  return faults;
}

function contradictions(route: RouteDeclarations): string[] {
  const found: string[] = [];
  for (const member of route.classes) {
    if (isPublic(member.type) && member.authorized.length > 0)
      found.push(`${nameOf(member)} is @Public and @Authorized at once: take one away`);
  }
  for (const [index, member] of route.methods.entries()) {
    if (!isPublic(member.type, route.method)) continue;
    const [guard] = guardsOf(route.methods.slice(index), route.requiredByDefault);
    if (guard) found.push(contradiction(member, guard.member, route.method));
  }
  return found;
}

function contradiction(member: Member, guarded: Member, method: string): string {
  const name = nameOf(member, method);
  if (guarded !== member)
    return `${name} is @Public, but overrides ${nameOf(guarded, method)}, which is guarded: give it another name`;
  if (member.authorized.length > 0) return `${name} is @Public and @Authorized at once: take one away`;
  return `${name} is @Public, but requires a current user: take one away, or write @CurrentUser({ required: false })`;
}

/** The class whose text of the method is run. */
function ownerOfBody({ chain, method }: RouteDeclarations): Class {
  return chain.find(({ prototype }) => Object.hasOwn(prototype, method)) ?? (chain[0] as Class);
}

function nameOf({ type }: Member, method?: string): string {
  return method === undefined ? type.name : `${type.name}.${method}`;
}
