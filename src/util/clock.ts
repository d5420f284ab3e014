import { isPromiseLike } from './maybe-promise';

/** A function that returns the time in milliseconds since the epoch, as `Date.now` does. */
export type Clock = () => number;

/** Looks `Date.now` up at each call, so that fake timers installed later are seen. */
export const systemClock: Clock = () => Date.now();

/**
 * Returns a clock that never throws and returns NaN for anything but a finite number. Every comparison with NaN is
 * false, so code that compares times must deny if the comparison is false.
 */
export function toSafeClock(clock: Clock): Clock {
  return () => {
    try {
      const now: unknown = clock();
      if (typeof now === 'number') return Number.isFinite(now) ? now : Number.NaN;
      if (isPromiseLike(now)) now.then(undefined, () => {}); // an unhandled rejection would end the process
    } catch {
      // a clock that throws gives no time
    }
    return Number.NaN;
  };
}
