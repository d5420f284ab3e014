import { isDeepStrictEqual } from 'node:util';
import { type ActionMetadata, getMetadataArgsStorage } from 'routing-controllers';
import { describeRole, isSameRole, leavesOf } from '../authorization/alternatives';
import { requiresUser } from '../authorization/controller-metadata';
import { isBeforeBody } from '../authorization/policy';
import { combineRoles, type Requirement } from '../authorization/requirement';
import { describeStepUp, type StepUpRequirement } from '../authorization/step-up';
import { emitLoginWarning } from '../util/diagnostics';
import { usesOf } from './inherited-metadata';
import type { ResolvedRoute } from './route-collector';

/** Returns a message that names the guards of a route that routing-controllers' own server drops; empty if it drops none. */
export function findLostGuards(route: ResolvedRoute): string[] {
  const { metadata, routeMetadata, access } = route;
  const lost = access.isPublic ? [] : lostRequirement(access.requirement, metadata, routeMetadata.requiredByDefault);
  const kept = [...metadata.controllerMetadata.uses, ...metadata.uses].map(({ middleware }) => middleware);
  const lostUses = usesOf(routeMetadata).filter(
    ({ middleware, afterAction }) => !afterAction && !kept.includes(middleware),
  );
  const early = readsBody(metadata) ? earlyPolicies(access.requirement) : [];
  const all = [
    ...lost,
    ...early,
    ...lostUses.map(({ middleware }) => `@UseBefore(${middleware.name || 'a function'})`),
  ];
  if (all.length === 0) return [];
  const { controller, action, method, path } = route.describe();
  return [`${controller}.${action} (${method} ${path}) loses ${all.join(', ')}`];
}

function readsBody({ params }: ActionMetadata): boolean {
  return params.some(({ type }) => type === 'body' || type === 'body-param');
}

/** Such a server reads a body before it asks the checker. */
function earlyPolicies({ policies, alternatives }: Requirement): string[] {
  return [...new Set([...policies, ...alternatives.flatMap(leavesOf)])]
    .filter((leaf) => typeof leaf === 'function' && isBeforeBody(leaf))
    .map((leaf) => `beforeBody(${(leaf as { name: string }).name || 'a policy'}), which it asks after the body`);
}

function lostRequirement(
  { allOf, anyOf, policies, alternatives, stepUp }: Requirement,
  metadata: ActionMetadata,
  requiredByDefault: boolean,
): string[] {
  const kept = combineRoles(metadata.isAuthorizedUsed ? metadata.authorizedRoles : []);
  const needsUser = metadata.params.some((param) => requiresUser(param, requiredByDefault));
  const roles = [
    ...allOf.filter((scope) => !kept.allOf.includes(scope)).map((scope) => `'${scope}'`),
    ...anyOf
      .filter((scopes) => !kept.anyOf.some((other) => isSame(scopes, other)))
      .map((scopes) => `anyOf(${scopes.map((scope) => `'${scope}'`).join(', ')})`),
    ...policies.filter((policy) => !kept.policies.includes(policy)).map(({ name }) => name || 'a policy'),
    ...alternatives.filter((role) => !kept.alternatives.some((other) => isSameRole(role, other))).map(describeRole),
    ...lostStepUp(stepUp, kept.stepUp),
  ];
  if (roles.length > 0) return [`@Authorized(${roles.join(', ')})`];
  return metadata.isAuthorizedUsed || needsUser ? [] : ['its login'];
}

function lostStepUp(required: StepUpRequirement | undefined, kept: StepUpRequirement | undefined): string[] {
  return !required || isDeepStrictEqual(required, kept) ? [] : [describeStepUp(required)];
}

function isSame(scopes: readonly string[], other: readonly string[]): boolean {
  return scopes.length === other.length && scopes.every((scope) => other.includes(scope));
}

/** Controllers that have been looked at, by any manager of the process. */
const inspectedControllers = new WeakSet<object>();

/**
 * Warns of guards that routing-controllers' own servers drop, once for each class of the process. Nothing else could
 * report them: the checkers are never called for a route without its guard.
 */
export function warnOfLostGuards(lostGuards: (controllers: readonly object[]) => string[]): void {
  const controllers = getMetadataArgsStorage()
    .controllers.map(({ target }) => target)
    .filter((target) => !inspectedControllers.has(target));
  for (const target of controllers) inspectedControllers.add(target);
  for (const lost of lostGuards(controllers)) {
    const message = `${lost} on routing-controllers' own server; serve it with manager.useExpressServer or useKoaServer`;
    emitLoginWarning('LOGIN_LOST_GUARD', message);
  }
}

/** Controllers that a manager's server has, which drops no guard of theirs. */
export const protectedControllers = new WeakSet<object>();
