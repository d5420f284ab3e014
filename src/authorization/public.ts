// biome-ignore lint/complexity/noBannedTypes: the type of any class
type Class = Function;

/** The members of each class with `@Public()`; undefined stands for the class itself. */
const publicMembers = new WeakMap<Class, Set<string | symbol | undefined>>();

/**
 * Opens a route to everybody, with or without a login. The most specific declaration wins. On a method, `@Public()`
 * opens a route of an `@Authorized` class; overrides do not inherit it. On a class, it opens the methods that declare
 * nothing themselves; derived classes do not inherit it.
 *
 * Together with `@Authorized` on the same target, or on an override of a guarded method, it is a `ConfigurationError`
 * when the server starts.
 *
 * @example
 * ```ts
 * @Public()
 * @Post('/login')
 * login(@PasswordForm() form: OAuth2PasswordRequestForm) { … }
 * ```
 */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its own decorators
export function Public(): Function {
  return (target: object, method?: string | symbol) => {
    const type = (typeof target === 'function' ? target : target.constructor) as Class;
    publicMembers.set(type, (publicMembers.get(type) ?? new Set()).add(method));
  };
}

/** Returns whether a class, or a method declared in it, has `@Public()`. */
export function isPublic(type: Class, method?: string): boolean {
  return publicMembers.get(type)?.has(method) ?? false;
}
