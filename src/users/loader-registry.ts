import { ConfigurationError } from '../errors/configuration-error';
import type { ExtraArguments } from './loader-arguments';

/** A class whose instances or constructor have the loader: abstract ones and private constructors too. */
// biome-ignore lint/complexity/noBannedTypes: the type of any class
export type LoaderClass = Function & { prototype: object };

/** What `@UserLoader` says of a class. */
export interface LoaderDeclaration {
  readonly method: string | symbol;
  readonly isStatic: boolean;
  readonly extras: ExtraArguments;
  /** Whether any extra argument is one request's own. */
  readonly isRequestScoped: boolean;
}

const declarations = new Map<LoaderClass, LoaderDeclaration>();

/** @throws {@link ConfigurationError} for a second loader in one class. */
export function registerLoader(type: LoaderClass, declaration: LoaderDeclaration): void {
  const earlier = declarations.get(type);
  if (earlier)
    throw new ConfigurationError(
      `${type.name} has two methods with @UserLoader, ${String(earlier.method)} and ${String(declaration.method)}: leave one`,
    );
  declarations.set(type, declaration);
}

/** The loader of this class, or else of the nearest class it extends. */
export function getLoader(type: LoaderClass): LoaderDeclaration | undefined {
  for (let one: unknown = type; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const declaration = declarations.get(one as LoaderClass);
    if (declaration) return declaration;
  }
  return undefined;
}

/** The one class of the process that has a loader. @throws {@link ConfigurationError} for none, and for several. */
export function getDefaultLoader(): LoaderClass {
  const [only, ...others] = declarations.keys();
  if (!only)
    throw new ConfigurationError(
      'There is no user loader: decorate a method with @UserLoader(), or call manager.userLoader()(fn)',
    );
  if (others.length > 0) {
    const names = [only, ...others].map(({ name }) => name || '(a class without a name)');
    throw new ConfigurationError(
      `Several classes have a user loader (${names.join(', ')}): say which one with the option userLoader`,
    );
  }
  return only;
}
