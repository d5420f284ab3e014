// biome-ignore lint/complexity/noBannedTypes: the type of any class
type Class = Function;

/** Undefined stands for the class itself. */
const publicMembers = new WeakMap<Class, Set<string | symbol | undefined>>();

/**
 * Opens a route to everybody, logged in or not. The nearest word counts: on a method it opens a route of an
 * `@Authorized` class, and goes with that method's body, not to an override; on a class it opens the routes that have
 * no word of their own, and does not go to derived classes. Beside `@Authorized` on the same target, and on an override
 * of a guarded method, it is a `ConfigurationError` when the server starts.
 */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its own decorators
export function Public(): Function {
  return (target: object, method?: string | symbol) => {
    const type = (typeof target === 'function' ? target : target.constructor) as Class;
    publicMembers.set(type, (publicMembers.get(type) ?? new Set()).add(method));
  };
}

/** Whether this class, or this method as it is declared in it, has `@Public()`. */
export function isPublic(type: Class, method?: string): boolean {
  return publicMembers.get(type)?.has(method) ?? false;
}
