import { type ActionMetadata, getMetadataArgsStorage } from 'routing-controllers';
import { requiresUser } from '../authorization/controller-metadata';
import type { Requirement } from '../authorization/requirement';
import { usesOf } from './inherited-metadata';
import type { ResolvedRoute } from './route-collector';

/** How much of what a route was written to have routing-controllers' own server would leave out; empty for nothing. */
export function findLostGuards(route: ResolvedRoute): string[] {
  const { metadata, routeMetadata: declarations, access } = route;
  const lost = access.isPublic ? [] : lostRequirement(access.requirement, metadata, declarations.requiredByDefault);
  const kept = [...metadata.controllerMetadata.uses, ...metadata.uses].map(({ middleware }) => middleware);
  const lostUses = usesOf(declarations).filter(
    ({ middleware, afterAction }) => !afterAction && !kept.includes(middleware),
  );
  const all = [...lost, ...lostUses.map(({ middleware }) => `@UseBefore(${middleware.name || 'a function'})`)];
  if (all.length === 0) return [];
  const { controller, action, method, path } = route.describe();
  return [`${controller}.${action} (${method} ${path}) loses ${all.join(', ')}`];
}

function lostRequirement(
  { allOf, anyOf, policies }: Requirement,
  metadata: ActionMetadata,
  requiredByDefault: boolean,
): string[] {
  const kept: readonly unknown[] = metadata.isAuthorizedUsed ? metadata.authorizedRoles : [];
  const needsUser = metadata.params.some((param) => requiresUser(param, requiredByDefault));
  const keptAlternatives = kept
    .map((role) => (role as { scopes?: readonly string[] } | null)?.scopes)
    .filter(Array.isArray);
  const roles = [
    ...allOf.filter((scope) => !kept.includes(scope)).map((scope) => `'${scope}'`),
    ...anyOf
      .filter((scopes) => !keptAlternatives.some((other) => isSame(scopes, other)))
      .map((scopes) => `anyOf(${scopes.map((scope) => `'${scope}'`).join(', ')})`),
    ...policies.filter((policy) => !kept.includes(policy)).map(({ name }) => name || 'a policy'),
  ];
  if (roles.length > 0) return [`@Authorized(${roles.join(', ')})`];
  return metadata.isAuthorizedUsed || needsUser ? [] : ['its login'];
}

function isSame(scopes: readonly string[], other: readonly string[]): boolean {
  return scopes.length === other.length && scopes.every((scope) => other.includes(scope));
}

const inspectedControllers = new WeakSet<object>();

/**
 * Warns of guards that routing-controllers' own servers lose, for each class once a process: the checkers are not even
 * called for a route whose guard is lost, so nothing else would ever tell.
 */
export function warnOfLostGuards(lostGuards: (controllers: readonly object[]) => string[]): void {
  const controllers = getMetadataArgsStorage()
    .controllers.map(({ target }) => target)
    .filter((target) => !inspectedControllers.has(target));
  for (const target of controllers) inspectedControllers.add(target);
  for (const lost of lostGuards(controllers)) {
    const message = `${lost} on routing-controllers' own server: serve it with manager.useExpressServer or useKoaServer`;
    process.emitWarning(message, { type: 'LoginWarning', code: 'LOGIN_LOST_GUARD' });
  }
}

/** Controllers that a secure server has taken: nothing of theirs is lost there. */
export const protectedControllers = new WeakSet<object>();
