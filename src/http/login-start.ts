import { AsyncLocalStorage } from 'node:async_hooks';
import { ContextKey, type RequestContext } from './request-context';

interface LoginUnderWay {
  /** Undefined when the request has ended: a connection that its handler has opened for a pool outlives it. */
  startedAt: number | undefined;
}

/** When the login of a request began, by `performance.now()`. */
const starts = new ContextKey<number>();

/** The login in whose handler the present call runs. */
const current = new AsyncLocalStorage<LoginUnderWay>();
let running = 0;

/**
 * Remembers that the login of a request has begun: before the password is verified, which takes time. Of several calls the
 * first counts.
 *
 * @returns When it began, by `performance.now()`.
 */
export function markLoginStart(context: RequestContext): number {
  const startedAt = starts.get(context) ?? performance.now();
  starts.set(context, startedAt);
  return startedAt;
}

/** Returns when the login of a request began, or that in whose handler this is called; undefined if neither is known. */
export function loginStartOf(context?: RequestContext): number | undefined {
  return (context && starts.get(context)) ?? current.getStore()?.startedAt;
}

/**
 * Begins the login of a request and runs its handler, so that {@link loginStartOf} tells in it when the login began. The
 * storage, which slows promises down, is off while no login is under way.
 */
export function runLogin<T>(context: RequestContext, run: () => T): T {
  const login: LoginUnderWay = { startedAt: markLoginStart(context) };
  const { response } = context;
  if (!response || response.destroyed) return run();
  running += 1;
  response.once('close', () => {
    login.startedAt = undefined;
    running -= 1;
    if (running === 0) current.disable();
  });
  return current.run(login, run);
}
