import { invalidUserLoader } from './invalid-user-loader';
import type { ExtraArguments } from './loader-arguments';

/** A class whose instances or constructor have the loader; it may be abstract or have a private constructor. */
// biome-ignore lint/complexity/noBannedTypes: the type of any class
export type LoaderClass = Function & { prototype: object };

/** The loader that `@UserLoader` declares for a class. */
export interface LoaderDeclaration {
  readonly method: string | symbol;
  readonly isStatic: boolean;
  readonly extras: ExtraArguments;
  /** Whether an extra argument depends on the request. */
  readonly isRequestScoped: boolean;
}

const declarations = new Map<LoaderClass, LoaderDeclaration>();

/** Marks classes that have a loader, so that another copy of this library can tell. */
const HAS_LOADER = Symbol.for('routing-controllers-login.has-user-loader');

/** @throws {@link ConfigurationError} for a second loader in one class. */
export function registerLoader(type: LoaderClass, declaration: LoaderDeclaration): void {
  const existing = declarations.get(type);
  if (existing)
    throw invalidUserLoader(
      `${type.name} has two methods with @UserLoader, ${String(existing.method)} and ${String(declaration.method)}; remove one of them`,
    );
  declarations.set(type, declaration);
  if (Object.isExtensible(type)) Object.defineProperty(type, HAS_LOADER, { value: true, configurable: true });
}

/** Returns the loader of this class, or else of the nearest class that it extends. */
export function getLoader(type: LoaderClass): LoaderDeclaration | undefined {
  for (let one: unknown = type; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const declaration = declarations.get(one as LoaderClass);
    if (declaration) return declaration;
  }
  return undefined;
}

/** @throws {@link ConfigurationError} for anything but a class with a loader and undefined. */
export function parseLoaderClass(value: unknown): LoaderClass | undefined {
  if (value === undefined || (typeof value === 'function' && getLoader(value))) return value as LoaderClass | undefined;
  throw invalidUserLoader(
    `The option userLoader must be a class with a method that @UserLoader decorates; ${describeMistake(value)}`,
  );
}

function describeMistake(value: unknown): string {
  const type = typeof value === 'object' && value !== null ? value.constructor : value;
  if (typeof type === 'function' && HAS_LOADER in type && !getLoader(type))
    return `${type.name} has one of another copy of routing-controllers-login: deduplicate the package (npm dedupe)`;
  if (typeof value !== 'function') {
    const isInstance = typeof type === 'function' && getLoader(type) !== undefined;
    return isInstance
      ? `this is an instance of ${type.name}: pass the class`
      : `${value === null ? 'null' : `a value of type ${typeof value}`} is none`;
  }
  if (value.prototype === undefined)
    return `${value.name || 'this function'} is a function: use manager.userLoader()(fn)`;
  return `${value.name || 'this class'} has none`;
}

/**
 * Returns the one class of the process that has a loader.
 *
 * @throws {@link ConfigurationError} if there is none, or if there are several.
 */
export function getDefaultLoader(): LoaderClass {
  const [only, ...others] = declarations.keys();
  if (!only)
    throw invalidUserLoader(
      'There is no user loader; decorate a method with @UserLoader() (is its module imported?), or call manager.userLoader()(fn)',
    );
  if (others.length > 0) {
    const names = [only, ...others].map(({ name }) => name || '(a class without a name)');
    throw invalidUserLoader(
      `Several classes have a user loader (${names.join(', ')}); choose one with the option userLoader (if it is set, its class is undefined: do two modules import each other?)`,
    );
  }
  return only;
}
