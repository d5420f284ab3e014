import { getFromContainer } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { type Awaitable, chain } from '../util/maybe-promise';
import type { LoaderContext } from './dependency';
import { invalidUserLoader } from './invalid-user-loader';
import { checkLoadedUser } from './loaded-user';
import { compileArguments, type ExtraArguments, hasRequestScoped } from './loader-arguments';
import { getDefaultLoader, getLoader, type LoaderClass, type LoaderDeclaration } from './loader-registry';

/** A user loader of a test. */
// biome-ignore lint/suspicious/noExplicitAny: the subject is a string or an integer, as the application wrote it
export type TestLoader = (sub: any) => unknown;

type LoadFunction = (sub: string | number, ...extra: unknown[]) => unknown;

/** A loader with its extra arguments. */
interface Loader {
  /** What to call it at the beginning of a message. */
  readonly name: string;
  readonly load: (context: LoaderContext) => Awaitable<unknown>;
  /** Whether an extra argument depends on the request. */
  readonly isRequestScoped: boolean;
}

/** Resolves and calls the user loader of one manager: a class's, or a plain function. */
export class LoaderResolver {
  private loader: Loader | undefined;

  /**
   * @param type - A class that has a loader; undefined for the only one, which is looked up when it is first needed.
   * @param isShared - Whether requests share the users.
   */
  constructor(
    type: LoaderClass | undefined,
    private readonly isShared: boolean,
  ) {
    if (type !== undefined) this.use(createClassLoader(type));
  }

  /** @throws {@link ConfigurationError} if the manager already has a loader. */
  useFunction(load: LoadFunction, extras: readonly unknown[]): void {
    if (typeof load !== 'function')
      throw invalidUserLoader('userLoader(…extra) returns a function that takes the loader: userLoader(…extra)(fn)');
    if (this.loader) throw invalidUserLoader('This manager already has a user loader; remove one of them');
    const extraArguments = compileArguments(extras);
    this.use({
      name: `The user loader ${load.name || '(a function without a name)'}`,
      load: (context) => call(load, context, extraArguments),
      isRequestScoped: hasRequestScoped(extras),
    });
  }

  /** Replaces the loader, for tests. Returns a function that puts the earlier one back. */
  replace(load: TestLoader): () => void {
    const earlier = this.loader;
    this.loader = {
      name: 'The user loader of the test',
      load: ({ payload }) => load(payload.sub),
      isRequestScoped: false,
    };
    return () => {
      this.loader = earlier;
    };
  }

  /** Returns a decorator for the loader function of the manager; the function itself is returned unchanged. */
  decorator(extras: readonly unknown[]): <F>(load: F) => F {
    return (load) => {
      this.useFunction(load as LoadFunction, extras);
      return load;
    };
  }

  /** Returns the message of the mistake that keeps the loader from being found, if there is one. */
  findProblem(): string | undefined {
    try {
      this.resolve();
      return undefined;
    } catch (error) {
      return (error as ConfigurationError).message.split('\n', 1)[0]; // the list that it becomes part of has its own help
    }
  }

  /**
   * Loads the user of a token. With shared users nothing is resolved for the request of one of them: a container of one
   * tenant's request must not decide about the user of another's.
   *
   * @throws {@link ConfigurationError} if there is no loader, if none can be chosen, or if its result is no user.
   */
  load(context: LoaderContext): Awaitable<unknown> {
    const { load, name } = this.resolve();
    const loaded = load(this.isShared ? { action: undefined, payload: context.payload } : context);
    return chain(loaded, (user) => checkLoadedUser(user, name));
  }

  private resolve(): Loader {
    return this.loader ?? this.use(createClassLoader(getDefaultLoader()));
  }

  private use(loader: Loader): Loader {
    if (loader.isRequestScoped && this.isShared) {
      throw invalidUserLoader(
        'userCache shares users between requests, but the user loader depends on the request (provide); remove one of them',
      );
    }
    this.loader = loader;
    return loader;
  }
}

/** The instance comes from routing-controllers' container at each call, which may have one for each request. */
function createClassLoader(type: LoaderClass): Loader {
  const { method, isStatic, extras, isRequestScoped } = getLoader(type) as LoaderDeclaration;
  const load = (context: LoaderContext) => {
    const owner = (isStatic ? type : getFromContainer(type, context.action)) as Record<string | symbol, LoadFunction>;
    return call((sub, ...extra) => (owner[method] as LoadFunction)(sub, ...extra), context, extras);
  };
  return { name: `The user loader ${type.name}.${String(method)}`, load, isRequestScoped };
}

function call(load: LoadFunction, context: LoaderContext, extras: ExtraArguments): Awaitable<unknown> {
  return chain(extras(context), (resolved) => load(context.payload.sub, ...resolved));
}
