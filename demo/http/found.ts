import { NotFoundError } from 'routing-controllers';

/** Returns the value, or throws 404. (The error of `@OnUndefined(NotFoundError)` has the whole request for its message.) */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new NotFoundError('There is nothing here');
  return value;
}
