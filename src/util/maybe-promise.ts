/** A value, or a promise of it: what a user's function may return, a query of an ORM that is only "thenable" too. */
export type Awaitable<T> = T | PromiseLike<T>;

/** A value, or a real promise of it: what the library's own functions return. */
export type MaybePromise<T> = T | Promise<T>;

export function isPromiseLike<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<T>).then === 'function';
}

/** Goes on with a value at once, and with a promise once it is there: what is synchronous stays so. */
export function chain<T, R>(value: Awaitable<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromiseLike(value) ? Promise.resolve(value).then(next) : next(value);
}

/** Calls `recover` with what the work throws or rejects with; synchronous work stays synchronous. */
export function recovering<T>(work: () => MaybePromise<T>, recover: (reason: unknown) => T): MaybePromise<T> {
  try {
    const result = work();
    return isPromiseLike(result) ? result.then(undefined, recover) : result;
  } catch (reason) {
    return recover(reason);
  }
}
