import { getFromContainer } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { type Awaitable, chain } from '../util/maybe-promise';
import type { LoaderContext } from './dependency';
import { compileArguments, type ExtraArguments, hasRequestScoped } from './loader-arguments';
import { getDefaultLoader, getLoader, type LoaderClass } from './loader-registry';

type LoadFunction = (sub: string | number, ...extra: unknown[]) => unknown;

/** Calls the loader with its extra arguments; what comes back is the application's: the user, or nobody. */
export type Loader = (context: LoaderContext) => Awaitable<unknown>;

/** A loader, and whether what it loads is one request's own. */
interface FoundLoader {
  readonly load: Loader;
  readonly isRequestScoped: boolean;
}

/** The user loader of one manager: a class's, or a plain function. */
export class LoaderResolver {
  private found: Loader | undefined;

  /**
   * @param type - Undefined for the only class that has one, looked for when it is first needed.
   * @param isShared - Whether what it loads is shared between requests.
   */
  constructor(
    type: LoaderClass | undefined,
    private readonly isShared: boolean,
  ) {
    if (type !== undefined) this.use(loaderOfClass(type));
  }

  /** @throws {@link ConfigurationError} where the manager has a loader already. */
  useFunction(load: LoadFunction, extras: readonly unknown[]): void {
    if (typeof load !== 'function')
      throw new ConfigurationError('userLoader(…extra) gives a function that takes the loader: userLoader(…extra)(fn)');
    if (this.found) throw new ConfigurationError('This manager has a user loader already: leave one');
    const prepared = compileArguments(extras);
    this.use({ load: (context) => call(load, context, prepared), isRequestScoped: hasRequestScoped(extras) });
  }

  /** Returns a decorator for the loader function of the manager; the function itself is returned unchanged. */
  decorator(extras: readonly unknown[]): <F>(load: F) => F {
    return (load) => {
      this.useFunction(load as LoadFunction, extras);
      return load;
    };
  }

  /** What keeps the loader from being found, if anything does. */
  findProblem(): string | undefined {
    try {
      this.found ??= this.use(loaderOfClass(getDefaultLoader()));
      return undefined;
    } catch (error) {
      return (error as ConfigurationError).message;
    }
  }

  /** @throws {@link ConfigurationError} where there is no loader, or none can be chosen. */
  load(context: LoaderContext): Awaitable<unknown> {
    this.found ??= this.use(loaderOfClass(getDefaultLoader()));
    return this.found(context);
  }

  /** The tenant of one request must not decide about the user of another. */
  private use({ load, isRequestScoped: isOfRequest }: FoundLoader): Loader {
    if (isOfRequest && this.isShared) {
      throw new ConfigurationError(
        'userCache shares users between requests, but the user loader depends on the request (provide): leave one of the two',
      );
    }
    this.found = load;
    return load;
  }
}

/** An instance comes from routing-controllers' container at each call, which may keep one for each request. */
function loaderOfClass(type: LoaderClass): FoundLoader {
  const declaration = typeof type === 'function' ? getLoader(type) : undefined;
  if (!declaration)
    throw new ConfigurationError(
      `The option userLoader must be a class with a method that @UserLoader decorates; ${nameOf(type)} is none`,
    );
  const { method, isStatic, extras, isRequestScoped: isOfRequest } = declaration;
  const load: Loader = (context) => {
    const owner = (isStatic ? type : getFromContainer(type, context.action)) as Record<string | symbol, LoadFunction>;
    return call((sub, ...extra) => (owner[method] as LoadFunction)(sub, ...extra), context, extras);
  };
  return { load, isRequestScoped: isOfRequest };
}

function call(load: LoadFunction, context: LoaderContext, extras: ExtraArguments): Awaitable<unknown> {
  return chain(extras(context), (resolved) => load(context.payload.sub, ...resolved));
}

function nameOf(type: unknown): string {
  return typeof type === 'function' && type.name ? type.name : String(type);
}
