import { invalidUserLoader } from './invalid-user-loader';
import { compileArguments, type Extra, hasRequestScoped, type ResolvedAll } from './loader-arguments';
import { type LoaderClass, registerLoader } from './loader-registry';

// biome-ignore lint/suspicious/noExplicitAny: the subject is a string or an integer, as the application wrote it
type Subject = any;

/** A function that takes the subject and these extra arguments. */
export type LoaderFunction<E extends readonly Extra[]> = (sub: Subject, ...extra: ResolvedAll<E>) => unknown;

/** Rejects a loader without a return value at compile time; every other one is accepted. */
export type ReturnsUser<F> = F extends (...args: never[]) => infer R
  ? 0 extends 1 & Awaited<R>
    ? unknown // any, or a promise of it
    : [Awaited<R>] extends [never]
      ? unknown
      : // biome-ignore lint/suspicious/noConfusingVoidType: that is what such a loader returns
        [Awaited<R>] extends [void]
        ? 'A user loader must return the user, or null'
        : unknown
  : unknown;

/** A method decorator for methods that take the subject and these extra arguments, and return the user. */
export type UserLoaderDecorator<E extends readonly Extra[]> = <M extends LoaderFunction<E>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M> & ReturnsUser<M>,
) => void;

/**
 * Declares the method that loads the user: static or instance, synchronous or not. It gets the token's `sub`, then the
 * extra arguments, and returns the user, or null. `inject(Class)` and `provide(fn)` among the extra arguments, alone or
 * as properties, are resolved at each call. The method stays an ordinary one.
 *
 * A user is an object, a string or a number. `null`, `undefined`, `false`, `''`, `0` and `NaN` mean that the user does not
 * exist: the request is not authenticated. Any other value, such as an array of rows, is a {@link ConfigurationError}
 * during the request.
 *
 * @throws {@link ConfigurationError} on anything but a method, and for a second loader in one class.
 *
 * @example
 * ```ts
 * class Accounts {
 *   @UserLoader({ db: inject(Database) })
 *   findByEmail(email: string, { db }: { db: Database }) {
 *     return db.accounts.find(email);
 *   }
 * }
 * ```
 */
export function UserLoader<M extends LoaderFunction<[]>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M> & ReturnsUser<M>,
): void;
export function UserLoader<E extends Extra[]>(...extra: E): UserLoaderDecorator<E>;
export function UserLoader(...args: unknown[]): unknown {
  if (isDecoratedMethod(args) || isStandardDecorator(args)) return declareLoader(args, []);
  return (...target: unknown[]) => declareLoader(target, args);
}

function declareLoader(target: readonly unknown[], extras: readonly unknown[]): void {
  if (!isDecoratedMethod(target))
    throw invalidUserLoader(
      '@UserLoader must be on a method of a class, and needs "experimentalDecorators": true in tsconfig.json',
    );
  const [owner, method] = target;
  const isStatic = typeof owner === 'function';
  const type = (isStatic ? owner : owner.constructor) as LoaderClass;
  registerLoader(type, {
    method,
    isStatic,
    extras: compileArguments(extras),
    isRequestScoped: hasRequestScoped(extras),
  });
}

/** Whether these are the arguments of a method decorator: bare `@UserLoader` gets them instead of extra arguments. */
function isDecoratedMethod(args: readonly unknown[]): args is [object, string | symbol, PropertyDescriptor] {
  const [target, key, descriptor] = args as [object, string, PropertyDescriptor | undefined];
  if (args.length !== 3 || !isObjectLike(target) || !isObjectLike(descriptor)) return false;
  if (typeof key !== 'string' && typeof key !== 'symbol') return false;
  const value = Object.getOwnPropertyDescriptor(target, key)?.value;
  return typeof value === 'function' && value === descriptor.value;
}

/** Whether bare `@UserLoader` is called without `experimentalDecorators`, as ECMAScript's decorators are. */
function isStandardDecorator([method, context, ...others]: readonly unknown[]): boolean {
  if (typeof method !== 'function' || !isObjectLike(context) || others.length > 0) return false;
  return 'kind' in context && 'addInitializer' in context;
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
