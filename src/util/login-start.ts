import { AsyncLocalStorage } from 'node:async_hooks';

/** When logins that are under way began, by `performance.now()`. */
const starts = new WeakMap<object, number>();

/**
 * Remembers with an object of a login that the login has begun: before the password is verified, which takes time. Of
 * several calls the first counts.
 */
export function markLoginStart(owner: object, startedAt: number = performance.now()): void {
  if (!starts.has(owner)) starts.set(owner, startedAt);
}

/** When the login began that the present asynchronous call belongs to. */
const current = new AsyncLocalStorage<number>();
let running = 0;

/**
 * Runs the handler of a login, so that {@link currentLoginStart} tells in it when the login began.
 *
 * @param onEnd - Calls back once, when the request has ended. The storage, which slows promises down, is off while no
 * login is under way.
 */
export function runLogin<T>(startedAt: number, onEnd: (callback: () => void) => void, run: () => T): T {
  running += 1;
  onEnd(() => {
    running -= 1;
    if (running === 0) current.disable();
  });
  return current.run(startedAt, run);
}

/** Returns when the login began in whose handler this is called, or undefined if that is not known. */
export function currentLoginStart(): number | undefined {
  return current.getStore();
}

/** Returns when the login began that an object belongs to, or undefined if that is not known. */
export function loginStartOf(owner: object | undefined): number | undefined {
  return owner && starts.get(owner);
}

/** Has another object belong to the same login. */
export function copyLoginStart(from: object, to: object): void {
  const startedAt = starts.get(from);
  if (startedAt !== undefined) markLoginStart(to, startedAt);
}
