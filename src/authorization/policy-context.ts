import type { Action } from 'routing-controllers';
import { contextOf } from '../http/request-context';
import type { TokenPayload } from '../jwt/token-payload';
import type { Dependency } from '../users/dependency';

/** What a policy made by {@link policy} is told about the request, beside its extras. */
export interface PolicyContext {
  readonly action: Action;
  /** The claims of the token. */
  readonly payload: TokenPayload;
  /** The path parameters of the route; empty if there is no route. */
  readonly params: Readonly<Record<string, string>>;
}

/** Extras of a policy or a subject: `inject`, `provide`, subjects and plain values by name. */
export type ContextExtras = Readonly<Record<string, unknown>>;

/** The extras as the function gets them. */
export type ResolvedExtras<E> = { readonly [K in keyof E]: E[K] extends Dependency<infer T> ? T : E[K] };

/** The names that the library itself gives. */
export const CONTEXT_NAMES: readonly string[] = ['action', 'payload', 'params'] satisfies (keyof PolicyContext)[];

/** Returns the path parameters of the route that an action is in. */
export function paramsOf({ request, context }: Action): PolicyContext['params'] {
  return context?.params ?? request?.params ?? {};
}

/**
 * Returns an object that stands for the route that an action is in: a router makes its parameters anew for each route
 * that a request comes to.
 */
export function routeOf(action: Action): object {
  const params: unknown = action.context?.params ?? action.request?.params;
  return typeof params === 'object' && params !== null ? params : contextOf(action);
}
