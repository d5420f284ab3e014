import type { Awaitable } from './maybe-promise';

/** The longest time that a timer can be set to, in milliseconds. A longer one fires immediately. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Runs a function whose answer must not take longer than the timeout.
 *
 * @param timeout - Milliseconds.
 * @throws An `Error` after the timeout; the function itself goes on.
 */
export async function withTimeout<T>(run: () => Awaitable<T>, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`No answer within ${timeout} ms`));
    // If this process was busy for so long, the answer may be there and only wait to be read.
    timer = setTimeout(() => setImmediate(fail), Math.min(timeout, LONGEST_TIMER));
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
