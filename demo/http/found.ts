import { NotFoundError } from 'routing-controllers';

/** What there is, or 404. (`@OnUndefined(NotFoundError)` makes an error whose message is the whole request.) */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new NotFoundError('There is nothing here');
  return value;
}
