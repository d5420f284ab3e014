import { type Awaitable, isPromiseLike } from '../util/maybe-promise';
import { Dependency, type LoaderContext } from './dependency';

/** An extra argument as it is written. The union has the primitives so that literal types survive. */
export type Extra = string | number | boolean | bigint | symbol | null | undefined | object;

/** The type of the loader's parameter for an extra argument. */
export type Resolved<E> =
  E extends Dependency<infer T> ? T : HasDependency<E> extends true ? { [K in keyof E]: ResolvedProperty<E[K]> } : E;

/** The types of the loader's parameters for all extra arguments. Objects without a dependency keep their type. */
export type ResolvedAll<E extends readonly Extra[]> = { [I in keyof E]: Resolved<E[I]> };

type ResolvedProperty<P> = P extends Dependency<infer T> ? T : P;

// biome-ignore lint/complexity/noBannedTypes: callables are extras too, and have no dependencies among their properties
type HasDependency<E> = E extends Function
  ? false
  : E extends object
    ? true extends { [K in keyof E]: E[K] extends Dependency<unknown> ? true : never }[keyof E]
      ? true
      : false
    : false;

/** Returns the loader's extra arguments for one call. */
export type ExtraArguments = (context: LoaderContext) => Awaitable<readonly unknown[]>;

/** Looks for dependencies once, when the loader is declared. Other arguments are passed on unchanged. */
export function compileArguments(extras: readonly unknown[]): ExtraArguments {
  return createResolver(extras, resolverFor, (values) => Object.assign([...extras], values));
}

/** Whether any of the extra arguments depends on the request. */
export function hasRequestScoped(extras: readonly unknown[]): boolean {
  const isRequestScoped = (value: unknown) => value instanceof Dependency && value.isRequestScoped;
  return extras.some(
    (extra) => isRequestScoped(extra) || (isObject(extra) && Object.values(extra).some(isRequestScoped)),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

type Resolver = (context: LoaderContext) => Awaitable<unknown>;

/** Returns undefined for an argument that is passed on unchanged. */
function resolverFor(extra: unknown): Resolver | undefined {
  if (extra instanceof Dependency) return extra.resolve;
  if (!isObject(extra) || !Object.values(extra).some((value) => value instanceof Dependency)) return undefined;
  return createResolver(
    extra,
    (value) => (value instanceof Dependency ? value.resolve : undefined),
    (values) => ({ ...extra, ...values }),
  );
}

/**
 * Returns a function that replaces, for one call, the members of an array or an object that have a resolver. Only their
 * values are awaited: a promise among the other members is passed on unchanged.
 */
function createResolver<T extends object>(
  whole: T,
  resolverFor: (member: unknown) => Resolver | undefined,
  fill: (values: Record<string, unknown>) => T,
): (context: LoaderContext) => Awaitable<T> {
  const resolvers = Object.entries(whole).flatMap(([name, member]) => {
    const resolve = resolverFor(member);
    return resolve ? [[name, resolve] as const] : [];
  });
  if (resolvers.length === 0) return () => whole;
  const filled = (values: readonly unknown[]) =>
    fill(Object.fromEntries(resolvers.map(([name], index) => [name, values[index]])));
  return (context) => {
    const values = resolvers.map(([, resolve]) => resolveOrReject(resolve, context));
    return values.some((value) => isPromiseLike(value)) ? Promise.all(values).then(filled) : filled(values);
  };
}

/** Returns a rejection for an error that is thrown synchronously, so that promises made before it are awaited too. */
function resolveOrReject(resolve: Resolver, context: LoaderContext): Awaitable<unknown> {
  try {
    return resolve(context);
  } catch (error) {
    return Promise.reject(error);
  }
}
