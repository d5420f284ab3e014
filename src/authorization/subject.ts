import { type Action, createParamDecorator } from 'routing-controllers';
import { withoutStackTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import { httpErrorClass } from '../errors/login-http-error';
import { ContextKey, contextOf, type RequestContext } from '../http/request-context';
import type { TokenPayload } from '../jwt/token-payload';
import { Dependency, type LoaderContext } from '../users/dependency';
import { compileArguments } from '../users/loader-arguments';
import { type Awaitable, chain, isPromiseLike } from '../util/maybe-promise';
import { assertKnownKeys, parseBoolean } from '../util/validate';
import { type ContextExtras, type PolicyContext, paramsOf, type ResolvedExtras, routeOf } from './policy-context';

/** 404: what a route is about does not exist, or the user must not know that it does. */
export class SubjectNotFoundError extends httpErrorClass('NotFoundError', { status: 404, code: 'not_found' }) {
  static create(cause: string): SubjectNotFoundError {
    return withoutStackTrace(() => new SubjectNotFoundError('Not found', { cause }));
  }
}

/**
 * Options of {@link subject}.
 *
 * @example
 * ```ts
 * subject(({ params }) => notes.find(params.id), { hidden: true });
 * ```
 */
export interface SubjectOptions {
  /**
   * Whether a denial by a policy is answered with 404 too, so that it does not reveal that the subject exists. Default
   * `false`. A subject with a hidden subject among its extras is hidden, too.
   */
  hidden?: boolean;
}

/** The resource of a route, from {@link subject}. A policy gets it from its extras, a handler from {@link Subject}. */
export class RouteSubject<T> extends Dependency<T> {
  private readonly loaded = new ContextKey<WeakMap<object, Awaitable<T>>>();

  /** @internal */
  constructor(
    private readonly find: (context: LoaderContext) => Awaitable<T | null | undefined>,
    readonly isHidden: boolean,
  ) {
    super((context) => this.load(context), true);
  }

  /**
   * Loads the subject, at most once for each route that a request comes to.
   *
   * @throws `NotFoundError` if there is none.
   */
  load(context: LoaderContext): Awaitable<T> {
    const { action } = context;
    if (!action) throw invalidSubject('A subject belongs to a request; here is none');
    const request = contextOf(action);
    const route = routeOf(action);
    const loaded = this.loaded.get(request) ?? new WeakMap<object, Awaitable<T>>();
    if (loaded.has(route)) return loaded.get(route) as Awaitable<T>;
    this.loaded.set(request, loaded);
    const result = this.loadOrReject(context);
    loaded.set(route, result);
    return result;
  }

  private loadOrReject(context: LoaderContext): Awaitable<T> {
    try {
      const found = chain(this.find(context), (one) => {
        if (one === null || one === undefined) throw SubjectNotFoundError.create('the subject of the route is missing');
        return one;
      });
      if (isPromiseLike(found)) found.then(undefined, () => undefined); // whoever asks handles the rejection
      return found;
    } catch (reason) {
      const rejected = Promise.reject(reason);
      rejected.catch(() => undefined);
      return rejected;
    }
  }
}

/** Loads what a route is about. Null and undefined mean that there is none. */
type Load<T, E> = (context: PolicyContext & ResolvedExtras<E>) => T | Promise<T>;

/**
 * Declares what a route is about, such as the note of its path. It is loaded at most once a request, after the login and
 * the scopes; policies get it by their extras, the handler by `@Subject`. If it is missing the answer is 404, before a
 * policy is asked. An error of `load` is an error of the application (500).
 *
 * @param load - Gets `{ action, payload, params }`. On a public route `payload` is undefined for a visitor
 * who is not logged in.
 * @throws {@link ConfigurationError} without a function, and for an unknown option.
 * @example
 * ```ts
 * const teamOfRoute = subject(({ params }) => Teams.find(params.team));
 * ```
 */
export function subject<T>(load: Load<T, object>, options?: SubjectOptions): RouteSubject<NonNullable<Awaited<T>>>;
/**
 * Declares what a route is about, such as the note of its path, with what its `load` needs.
 *
 * @param extras - As those of {@link policy}: `inject`, `provide`, subjects and plain values.
 * @param load - Gets `{ action, payload, params }` and the extras. On a public route `payload` is undefined for a visitor
 * who is not logged in.
 * @throws {@link ConfigurationError} without a function, and for an unknown option.
 * @example
 * ```ts
 * const noteOfRoute = subject({ notes: inject(Notes) }, ({ notes, params }) => notes.find(Number(params.id)));
 * ```
 */
export function subject<E extends ContextExtras, T>(
  extras: E,
  load: Load<T, E>,
  options?: SubjectOptions,
): RouteSubject<NonNullable<Awaited<T>>>;
export function subject(...args: readonly unknown[]): RouteSubject<unknown> {
  const [extras, load, options = {}] = typeof args[0] === 'function' ? [{}, ...args] : args;
  if (typeof load !== 'function' || typeof extras !== 'object' || extras === null) {
    throw invalidSubject(
      'subject() requires a function that loads it; write subject({ notes: inject(Notes) }, ({ notes, params }) => …)',
    );
  }
  assertKnownKeys(options as object, ['hidden'], 'subject()');
  const resolve = compileArguments([extras]);
  return new RouteSubject(
    (context) =>
      chain(resolve(context), ([resolved]) => {
        const { action, payload } = context as Required<LoaderContext>;
        return load({ ...(resolved as object), action, payload, params: paramsOf(action as Action) });
      }),
    parseBoolean((options as SubjectOptions).hidden, false, 'hidden') || Object.values(extras).some(isHiddenSubject),
  );
}

/** A subject that needs a hidden one is missing without it, so that a refusal about it would tell that it exists. */
function isHiddenSubject(extra: unknown): boolean {
  return extra instanceof RouteSubject && extra.isHidden;
}

/** The claims of the token with which a request was authenticated, for parameters that load subjects. */
const payloads = new ContextKey<TokenPayload>();

/** The subjects of parameters, by what routing-controllers calls for the parameter. */
const parameterSubjects = new WeakMap<object, RouteSubject<unknown>>();

/** Remembers the claims with which a request was authenticated. */
export function rememberPayload(context: RequestContext, payload: TokenPayload): void {
  payloads.set(context, payload);
}

/** The index of a parameter that takes a subject; never if the parameter is of another type. */
type TakesSubject<T, Method, Index extends number> = Method extends (...args: infer Parameters) => unknown
  ? [T] extends [Parameters[Index]]
    ? Index
    : never
  : Index;

/** What {@link Subject} returns: it decorates a parameter to which the subject can be assigned. */
export type SubjectDecorator<T> = <Target extends object, Key extends keyof Target, Index extends number>(
  target: Target,
  method: Key,
  index: Index & TakesSubject<T, Target[Key], Index>,
) => void;

/**
 * Gives the subject of the route to the handler. If there is none the answer is 404. A parameter of a type that the subject
 * does not have does not compile.
 *
 * @throws {@link ConfigurationError} for anything but a subject.
 * @example
 * ```ts
 * @Get('/notes/:id')
 * show(@Subject(noteOfRoute) note: Note) { … }
 * ```
 */
export function Subject<T>(subject: RouteSubject<T>): SubjectDecorator<T> {
  if (!(subject instanceof RouteSubject)) {
    throw invalidSubject('@Subject() requires what subject(…) returns; check for a circular import');
  }
  const value = (action: Action) =>
    subject.load({ action, payload: payloads.get(contextOf(action)) as unknown as TokenPayload });
  parameterSubjects.set(value, subject);
  return createParamDecorator({ value }) as SubjectDecorator<T>;
}

/** Returns whether a parameter takes a subject. */
export function takesSubject({ transform }: { readonly transform?: unknown }): boolean {
  return typeof transform === 'function' && parameterSubjects.has(transform);
}

function invalidSubject(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'routes-and-decorators' });
}
