/** A value or anything thenable that resolves to it, such as an ORM query: what an application's function may return. */
export type Awaitable<T> = T | PromiseLike<T>;

/** A value or a real promise of it: what the library's own functions return. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether a value has a `then` method. */
export function isPromiseLike<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<T>).then === 'function';
}

/** Calls `next` with the value, immediately or when the promise resolves; synchronous code stays synchronous. */
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
