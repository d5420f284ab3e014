import {
  type ActionMetadata,
  ParamMetadata,
  type ResponseHandlerMetadata,
  type UseMetadata,
} from 'routing-controllers';
import type { MemberMetadata } from '../authorization/controller-metadata';
import type { RouteMetadata } from '../authorization/route-access';

/**
 * Completes an action with what routing-controllers looks for in the controller's own class alone: parameters,
 * middleware, status codes and headers of the classes it extends. What there can be only one of is the derived
 * class's word. The action belongs to one server; nothing that is shared is changed.
 */
export function inherit(action: ActionMetadata, route: RouteMetadata): void {
  if (!route.inherits && !route.requiredByDefault) {
    if (action.controllerMetadata.uses.length > 0) action.uses = [...action.controllerMetadata.uses, ...action.uses];
    return;
  }
  action.params = paramsOf(action, route);
  action.build(handlersOf(route) as ResponseHandlerMetadata[]);
  action.uses = usesOf(route) as UseMetadata[];
}

/** Middleware of classes before that of methods, and of a base before that of what derives from it. */
export function usesOf({ methods, classes }: RouteMetadata): MemberMetadata['uses'] {
  const levels = [...[...classes].reverse(), ...[...methods].reverse()].map(({ uses }) => uses);
  return addUp(levels, (use, other) => use.middleware === other.middleware && use.afterAction === other.afterAction);
}

/** The interceptors that routing-controllers does not run by itself, the nearest class's first. */
export function inheritedInterceptors({ methods, classes, inherits }: RouteMetadata): MemberMetadata['interceptors'] {
  if (!inherits) return [];
  const own = [...(classes[0]?.interceptors ?? []), ...(methods[0]?.interceptors ?? [])];
  const levels = [own, ...[...methods.slice(1), ...classes.slice(1)].map(({ interceptors }) => interceptors)];
  return addUp(levels, (use, other) => use.interceptor === other.interceptor).slice(own.length);
}

/** The parameters of the nearest class that decorates any. */
function paramsOf(action: ActionMetadata, { methods, requiredByDefault }: RouteMetadata): ParamMetadata[] {
  const params = methods.find((member) => member.params.length > 0)?.params ?? [];
  return params.map((param) => new ParamMetadata(action, { ...param, required: param.required ?? requiredByDefault }));
}

/** routing-controllers takes the first of most kinds, and of headers with one name the last. */
function handlersOf({ methods }: RouteMetadata): MemberMetadata['handlers'] {
  const handlers = methods.flatMap((member) => member.handlers);
  const headers = [...methods].reverse().flatMap((member) => member.handlers);
  return [...handlers.filter(({ type }) => type !== 'header'), ...headers.filter(({ type }) => type === 'header')];
}

/** What the levels say together; what a level before has said already is not said again. */
function addUp<T>(levels: readonly (readonly T[])[], isSame: (one: T, other: T) => boolean): T[] {
  const all: T[] = [];
  for (const level of levels) all.push(...level.filter((one) => !all.some((other) => isSame(one, other))));
  return all;
}
