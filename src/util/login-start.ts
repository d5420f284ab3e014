/** When logins that are under way began, by `performance.now()`. */
const starts = new WeakMap<object, number>();

/**
 * Remembers with an object of a login that the login has begun: before the password is verified, which takes time. Of
 * several calls the first counts.
 */
export function markLoginStart(owner: object, startedAt: number = performance.now()): void {
  if (!starts.has(owner)) starts.set(owner, startedAt);
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
