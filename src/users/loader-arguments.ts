import { type Awaitable, isPromiseLike } from '../util/maybe-promise';
import { Dependency, type LoaderContext } from './dependency';

/** An extra argument as it is written: the union holds the primitives so that literal types survive. */
export type Extra = string | number | boolean | bigint | symbol | null | undefined | object;

/** The type that the loader's parameter sees for an extra argument. */
export type Resolved<E> =
  E extends Dependency<infer T> ? T : HasDependency<E> extends true ? { [K in keyof E]: ResolvedProperty<E[K]> } : E;

/** The same for all extra arguments. Objects without a dependency stay what they are, private members and all. */
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

/** Gives the loader's extra arguments for one call. */
export type ExtraArguments = (context: LoaderContext) => Awaitable<readonly unknown[]>;

/** Looks for dependencies once, where the loader is declared; what has none is passed on as it is. */
export function compileArguments(extras: readonly unknown[]): ExtraArguments {
  return createResolver(extras, resolverFor, (values) => Object.assign([...extras], values));
}

/** Whether any of them is one request's own. */
export function hasRequestScoped(extras: readonly unknown[]): boolean {
  const isOfRequest = (one: unknown) => one instanceof Dependency && one.isRequestScoped;
  return extras.some((extra) => isOfRequest(extra) || (isObject(extra) && Object.values(extra).some(isOfRequest)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

type Resolver = (context: LoaderContext) => Awaitable<unknown>;

/** Undefined for what is passed on as it is. */
function resolverFor(extra: unknown): Resolver | undefined {
  if (extra instanceof Dependency) return extra.resolve;
  if (!isObject(extra) || !Object.values(extra).some((one) => one instanceof Dependency)) return undefined;
  return createResolver(
    extra,
    (one) => (one instanceof Dependency ? one.resolve : undefined),
    (values) => ({ ...extra, ...values }),
  );
}

/**
 * Fills the members of a list or an object that have a resolver, for one call. Only what they give is awaited: a
 * promise among the other members is passed on as it was written.
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
    const values = resolvers.map(([, resolve]) => attempt(resolve, context));
    return values.some((value) => isPromiseLike(value)) ? Promise.all(values).then(filled) : filled(values);
  };
}

/** What is thrown at once is a rejection too, so that the promises made before it are waited for, and their failures. */
function attempt(resolve: Resolver, context: LoaderContext): Awaitable<unknown> {
  try {
    return resolve(context);
  } catch (error) {
    return Promise.reject(error);
  }
}
