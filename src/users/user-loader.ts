import { ConfigurationError } from '../errors/configuration-error';
import { compileArguments, type Extra, hasRequestScoped, type ResolvedAll } from './loader-arguments';
import { type LoaderClass, registerLoader } from './loader-registry';

// biome-ignore lint/suspicious/noExplicitAny: the subject is a string or an integer, as the application wrote it
type Subject = any;

/** A method decorator for methods that take the subject and these extra arguments. */
export type UserLoaderDecorator<E extends readonly Extra[]> = <
  M extends (sub: Subject, ...extra: ResolvedAll<E>) => unknown,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/**
 * Declares the method that loads the user: static or instance, synchronous or not. It gets the token's `sub`, then
 * the extra arguments, and returns the user, or null. `inject(Class)` and `provide(fn)` among the extra arguments,
 * alone or as properties, are resolved at each call. The method stays an ordinary one.
 *
 * @throws {@link ConfigurationError} on anything but a method, and for a second loader in one class.
 */
export function UserLoader<M extends (sub: Subject) => unknown>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
): void;
export function UserLoader<E extends Extra[]>(...extra: E): UserLoaderDecorator<E>;
export function UserLoader(...args: unknown[]): unknown {
  if (isDecorated(args)) return declare(args, []);
  return (...target: unknown[]) => declare(target, args);
}

function declare(target: readonly unknown[], extras: readonly unknown[]): void {
  if (!isDecorated(target))
    throw new ConfigurationError(
      '@UserLoader belongs on a method, and needs "experimentalDecorators" in tsconfig.json',
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

/** Whether these are the arguments of a method decorator, and not extra arguments: bare `@UserLoader` looks so. */
function isDecorated(args: readonly unknown[]): args is [object, string | symbol, PropertyDescriptor] {
  const [target, key, descriptor] = args as [object, string, PropertyDescriptor | undefined];
  if (args.length !== 3 || !isObjectLike(target) || !isObjectLike(descriptor)) return false;
  if (typeof key !== 'string' && typeof key !== 'symbol') return false;
  const value = Object.getOwnPropertyDescriptor(target, key)?.value;
  return typeof value === 'function' && value === descriptor.value;
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
