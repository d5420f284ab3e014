import { invalidUserLoader } from './invalid-user-loader';

/**
 * Returns what a user loader found: a user, or a falsy value for nobody. A user is an object, a string or a number; the
 * empty string, 0 and NaN are nobody.
 *
 * @param loader - What to call the loader in the message, at its beginning.
 * @throws {@link ConfigurationError} for a truthy value that is no user, such as an array of rows: it would log
 * somebody in whether or not the user exists.
 */
export function checkLoadedUser(value: unknown, loader: string): unknown {
  const problem = value ? describeProblem(value) : undefined;
  if (problem === undefined) return value;
  throw invalidUserLoader(
    `${loader} must return a user or null, and returned ${problem}; return one user, not a query's result`,
  );
}

function describeProblem(value: NonNullable<unknown>): string | undefined {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return isCursor(value) ? 'an iterator' : undefined;
  if (typeof value === 'string' || typeof value === 'number') return undefined;
  return value === true ? 'true' : `a ${typeof value}`;
}

/** Generators, streams and the cursors of databases are objects too, whether or not they find a row. */
function isCursor(value: object): boolean {
  return (
    Symbol.asyncIterator in value ||
    (Symbol.iterator in value && typeof (value as { next?: unknown }).next === 'function')
  );
}
