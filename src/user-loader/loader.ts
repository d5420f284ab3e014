import { getFromContainer } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { type MaybePromise, whenReady } from '../maybe-promise';
import { declaredLoader, type LoaderClass, theOnlyLoaderClass } from './declared-loaders';
import type { LoaderContext } from './dependency';
import { type ExtraArguments, prepareExtras } from './extra-arguments';

type LoadFunction = (sub: string | number, ...extra: unknown[]) => unknown;

/** Calls the loader with its extra arguments; what comes back is the application's: the user, or nobody. */
export type Loader = (context: LoaderContext) => MaybePromise<unknown>;

/** The user loader of one manager: a class's, or a plain function. */
export class LoaderSlot {
  private loader: Loader | undefined;

  /** @param type - Undefined for the only class that has one, looked for when it is first needed. */
  constructor(type: LoaderClass | undefined) {
    if (type !== undefined) this.loader = loaderOfClass(type);
  }

  /** @throws {@link ConfigurationError} where the manager has a loader already. */
  useFunction(load: LoadFunction, extras: readonly unknown[]): void {
    if (typeof load !== 'function')
      throw new ConfigurationError('userLoader(…extra) gives a function that takes the loader: userLoader(…extra)(fn)');
    if (this.loader) throw new ConfigurationError('This manager has a user loader already: leave one');
    const prepared = prepareExtras(extras);
    this.loader = (context) => call(load, context, prepared);
  }

  /** What keeps the loader from being found, if anything does. */
  fault(): string | undefined {
    try {
      this.loader ??= loaderOfClass(theOnlyLoaderClass());
      return undefined;
    } catch (error) {
      return (error as ConfigurationError).message;
    }
  }

  /** @throws {@link ConfigurationError} where there is no loader, or none can be chosen. */
  load(context: LoaderContext): MaybePromise<unknown> {
    this.loader ??= loaderOfClass(theOnlyLoaderClass());
    return this.loader(context);
  }
}

/** An instance comes from routing-controllers' container at each call, which may keep one for each request. */
function loaderOfClass(type: LoaderClass): Loader {
  const declaration = typeof type === 'function' ? declaredLoader(type) : undefined;
  if (!declaration)
    throw new ConfigurationError(
      `The option userLoader must be a class with a method that @UserLoader decorates; ${nameOf(type)} is none`,
    );
  const { method, isStatic, extras } = declaration;
  return (context) => {
    const owner = (isStatic ? type : getFromContainer(type, context.action)) as Record<string | symbol, LoadFunction>;
    return call((sub, ...extra) => (owner[method] as LoadFunction)(sub, ...extra), context, extras);
  };
}

function call(load: LoadFunction, context: LoaderContext, extras: ExtraArguments): MaybePromise<unknown> {
  return whenReady(extras(context), (resolved) => load(context.payload.sub, ...resolved));
}

function nameOf(type: unknown): string {
  return typeof type === 'function' && type.name ? type.name : String(type);
}
