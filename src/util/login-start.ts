import { AsyncLocalStorage } from 'node:async_hooks';

/** When logins that are under way began, by `performance.now()`. */
const starts = new WeakMap<object, number>();

interface LoginUnderWay {
  /** Undefined when the request has ended: a connection that its handler has opened for a pool outlives it. */
  startedAt: number | undefined;
}

/** The login in whose handler the present call runs. */
const current = new AsyncLocalStorage<LoginUnderWay>();
let running = 0;

/**
 * Remembers with the request of a login that the login has begun: before the password is verified, which takes time. Of
 * several calls the first counts.
 *
 * @returns When it began, by `performance.now()`.
 */
export function markLoginStart(request: object): number {
  const startedAt = starts.get(request) ?? performance.now();
  starts.set(request, startedAt);
  return startedAt;
}

/**
 * Returns when the login of a request began, or that in whose handler this is called; undefined if neither is known.
 *
 * @param request - What {@link markLoginStart} was called with.
 */
export function loginStartOf(request?: object): number | undefined {
  return (request && starts.get(request)) ?? current.getStore()?.startedAt;
}

/**
 * Runs the handler of a login, so that {@link loginStartOf} tells in it when the login began.
 *
 * @param onEnd - Calls back once, when the request has ended. The storage, which slows promises down, is off while no
 * login is under way.
 */
export function runLogin<T>(startedAt: number, onEnd: (callback: () => void) => void, run: () => T): T {
  const login: LoginUnderWay = { startedAt };
  running += 1;
  onEnd(() => {
    login.startedAt = undefined;
    running -= 1;
    if (running === 0) current.disable();
  });
  return current.run(login, run);
}
