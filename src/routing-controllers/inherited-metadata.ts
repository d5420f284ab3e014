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
 * middleware, status codes and headers of the classes it extends. Where only one value is possible, the derived class
 * wins. The action belongs to one server; nothing that is shared is changed.
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

/** Returns the middleware of a route: that of classes before that of methods, a base's before a derived class's. */
export function usesOf({ methods, classes }: RouteMetadata): MemberMetadata['uses'] {
  const levels = [...[...classes].reverse(), ...[...methods].reverse()].map(({ uses }) => uses);
  return combine(levels, (use, other) => use.middleware === other.middleware && use.afterAction === other.afterAction);
}

/**
 * Returns the interceptors of a controller's classes, or of one method in addition to those: a base's before a derived
 * class's. An interceptor that a base has already is not repeated.
 *
 * @param method - Undefined for those of the classes.
 */
export function interceptorsOf(
  { classes, methods }: Pick<RouteMetadata, 'classes' | 'methods'>,
  method: string | undefined,
): Interceptor[] {
  const isSame = (use: Interceptor, other: Interceptor) => use.interceptor === other.interceptor;
  const ofClasses = [...classes].reverse().map(({ interceptors }) => interceptors);
  const common = combine(ofClasses, isSame);
  if (method === undefined) return common;
  const ofMethods = [...methods].reverse().map(({ interceptors }) => interceptors);
  return combine([...ofClasses, ...ofMethods], isSame).slice(common.length);
}

type Interceptor = MemberMetadata['interceptors'][number];

/** Returns the parameters of the nearest class that decorates any. */
function paramsOf(action: ActionMetadata, { methods, requiredByDefault }: RouteMetadata): ParamMetadata[] {
  const params = methods.find((member) => member.params.length > 0)?.params ?? [];
  return params.map((param) => new ParamMetadata(action, { ...param, required: param.required ?? requiredByDefault }));
}

/** Puts headers in the reverse order: routing-controllers takes the first handler of most kinds, but the last header. */
function handlersOf({ methods }: RouteMetadata): MemberMetadata['handlers'] {
  const handlers = methods.flatMap((member) => member.handlers);
  const headers = [...methods].reverse().flatMap((member) => member.handlers);
  return [...handlers.filter(({ type }) => type !== 'header'), ...headers.filter(({ type }) => type === 'header')];
}

/** Concatenates the levels, without the items that an earlier level has already. */
function combine<T>(levels: readonly (readonly T[])[], isSame: (one: T, other: T) => boolean): T[] {
  const all: T[] = [];
  for (const level of levels) all.push(...level.filter((one) => !all.some((other) => isSame(one, other))));
  return all;
}
