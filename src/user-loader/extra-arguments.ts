import { isPromiseLike, type MaybePromise } from '../maybe-promise';
import { Dependency, type LoaderContext } from './dependency';

/** An extra argument as it is written: the union holds the primitives so that literal types survive. */
export type Extra = string | number | boolean | bigint | symbol | null | undefined | object;

/** The type that the loader's parameter sees for an extra argument. */
export type Resolved<E> = E extends Dependency<infer T> ? T : HasDependency<E> extends true ? { [K in keyof E]: ResolvedProperty<E[K]> } : E;

/** The same for all extra arguments. Objects without a dependency stay what they are, private members and all. */
export type ResolvedAll<E extends readonly Extra[]> = { [I in keyof E]: Resolved<E[I]> };

type ResolvedProperty<P> = P extends Dependency<infer T> ? T : P;

// biome-ignore lint/complexity/noBannedTypes: callables are extras too, and have no dependencies among their properties
type HasDependency<E> = E extends Function ? false : E extends object ? (true extends { [K in keyof E]: E[K] extends Dependency<unknown> ? true : never }[keyof E] ? true : false) : false;

/** Gives the loader's extra arguments for one call. */
export type ExtraArguments = (context: LoaderContext) => MaybePromise<readonly unknown[]>;

/** Looks for dependencies once, where the loader is declared; what has none is passed on as it is. */
export function prepareExtras(extras: readonly unknown[]): ExtraArguments {
  if (!extras.some((extra) => extra instanceof Dependency || dependenciesOf(extra).length > 0)) return () => extras;
  const resolvers = extras.map(resolverOf);
  return (context) => all(resolvers.map((resolve) => resolve(context)));
}

function resolverOf(extra: unknown): (context: LoaderContext) => MaybePromise<unknown> {
  if (extra instanceof Dependency) return extra.resolve;
  const dependencies = dependenciesOf(extra);
  if (dependencies.length === 0) return () => extra;
  return (context) => {
    const values = all(dependencies.map(([, dependency]) => dependency.resolve(context)));
    const fill = (resolved: readonly unknown[]) => ({ ...(extra as object), ...Object.fromEntries(dependencies.map(([name], index) => [name, resolved[index]])) });
    return isPromiseLike(values) ? values.then(fill) : fill(values);
  };
}

function dependenciesOf(extra: unknown): [string, Dependency<unknown>][] {
  if (typeof extra !== 'object' || extra === null) return [];
  return Object.entries(extra).filter((entry): entry is [string, Dependency<unknown>] => entry[1] instanceof Dependency);
}

function all(values: readonly unknown[]): MaybePromise<readonly unknown[]> {
  return values.some((value) => isPromiseLike(value)) ? Promise.all(values) : values;
}
