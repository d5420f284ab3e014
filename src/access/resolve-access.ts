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
  /** Whether a current user is required where the parameter does not say (routing-controllers' `defaults`). */
  readonly requiredByDefault: boolean;
}

/** One `@Authorized`, or what amounts to one. */
interface Guard {
  readonly roles: readonly unknown[];
  /** The class or the method that says it, for people. */
  readonly where: string;
}

export function routeDeclarations(controller: Class, method: string, declarations: Declarations, requiredByDefault: boolean): RouteDeclarations {
  const chain = classChain(controller);
  return { chain, method, methods: declarations.along(chain, method), classes: declarations.along(chain), requiredByDefault };
}

/**
 * The one place that decides what a route needs. The guards of all classes of the chain, and of the method wherever it
 * is declared, add up; `@Public` opens only as the nearest word.
 *
 * @returns The access, and every problem there is; with a problem the access means nothing.
 */
export function resolveAccess(route: RouteDeclarations, rules: AccessRules): { access: Access; problems: string[] } {
  const ofMethod = route.methods.flatMap((member) => guardsOfMethod(member, route));
  const ofClasses = route.classes.flatMap(guardsOf);
  const guards = [...ofClasses, ...ofMethod];
  const faults = guards.flatMap(({ roles, where }) => roles.map((role) => faultOf(role, rules.declaredScopes)).filter(isText).map((fault) => `${where}: ${fault}`));
  const problems = [...new Set([...faults, ...contradictions(route)])];
  if (problems.length > 0) return { access: { isPublic: false, requirement: nothing }, problems };

  const opened = isPublic(ownerOfBody(route), route.method) || (ofMethod.length === 0 && isPublic(route.chain[0] as Class));
  if (opened || (guards.length === 0 && rules.defaultAccess === 'public')) return { access: { isPublic: true, requirement: nothing }, problems };
  const roles = guards.flatMap((guard) => guard.roles);
  return { access: { isPublic: false, requirement: parseRequirement(roles, rules.declaredScopes) }, problems };
}

function guardsOf({ authorized, type }: Member, method?: unknown): Guard[] {
  const where = typeof method === 'string' ? nameOf(type, method) : type.name;
  return authorized.map((value) => ({ roles: value === undefined || value === null ? [] : [value].flat(), where }));
}

/** A user that a parameter requires is a login that the route requires. */
function guardsOfMethod(member: Member, { method, requiredByDefault }: RouteDeclarations): Guard[] {
  const guards = guardsOf(member, method);
  const requiresUser = member.params.some(({ type, required }) => type === 'current-user' && (required ?? requiredByDefault));
  return requiresUser ? [...guards, { roles: [], where: nameOf(member.type, method) }] : guards;
}

function contradictions(route: RouteDeclarations): string[] {
  const ofMethod = route.methods.map((member, index) => {
    if (!isPublic(member.type, route.method)) return undefined;
    const guarded = route.methods.slice(index).find((ancestor) => guardsOfMethod(ancestor, route).length > 0);
    return guarded && contradiction(nameOf(member.type, route.method), member, guarded, route.method);
  });
  const ofClasses = route.classes.map((member) => {
    return isPublic(member.type) && member.authorized.length > 0 ? `${member.type.name} is @Public and @Authorized at once: take one away` : undefined;
  });
  return [...ofClasses, ...ofMethod].filter(isText);
}

function contradiction(name: string, member: Member, guarded: Member, method: string): string {
  if (guarded !== member) return `${name} is @Public, but overrides ${nameOf(guarded.type, method)}, which is guarded: give it another name`;
  if (member.authorized.length > 0) return `${name} is @Public and @Authorized at once: take one away`;
  return `${name} is @Public, but requires a current user: take one away, or write @CurrentUser({ required: false })`;
}

/** The class whose text of the method is run. */
function ownerOfBody({ chain, method }: RouteDeclarations): Class {
  return chain.find(({ prototype }) => Object.hasOwn(prototype, method)) ?? (chain[0] as Class);
}

function nameOf(type: Class, method: string): string {
  return `${type.name}.${method}`;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
