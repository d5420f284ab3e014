/** Tells the time, in milliseconds since the epoch, as `Date.now` does. */
export type Clock = () => number;

/** Looks `Date.now` up at each call, so that fake timers installed later are seen. */
export const systemClock: Clock = () => Date.now();
