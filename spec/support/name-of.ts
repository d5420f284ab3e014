import { inspect } from 'node:util';

/** Names a value of a table in the title of its spec: short, and on one line. */
export function nameOf(value: unknown): string {
  if (value instanceof Error) return 'an Error';
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? 'a class' : 'a function';
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true });
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
