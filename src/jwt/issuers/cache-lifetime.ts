const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** For answers that say nothing about it. */
const DEFAULT = 10 * MINUTE;

/**
 * Returns how long an answer is kept, in milliseconds: as long as its `Cache-Control` says (RFC 9111 §5.2.2), at least a
 * minute and at most a day; ten minutes if it says nothing.
 */
export function lifetimeOf(headers: Headers): number {
  const directives = (headers.get('cache-control') ?? '').toLowerCase();
  if (/(^|[\s,])no-(store|cache)\b/.test(directives)) return MINUTE;
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})/.exec(directives)?.[1];
  if (seconds === undefined) return DEFAULT;
  const age = Number(headers.get('age') ?? 0);
  const left = Number(seconds) - (Number.isFinite(age) && age > 0 ? age : 0);
  return Math.min(Math.max(left * 1000, MINUTE), DAY);
}
