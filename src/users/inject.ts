import { type Action, type ClassConstructor, getFromContainer } from 'routing-controllers';
import type { TokenPayload } from '../jwt/token-payload';
import { Dependency } from './dependency';
import { invalidUserLoader } from './invalid-user-loader';

/**
 * Returns an extra argument of `@UserLoader`, alone or as a property: at each call, the instance of this class from
 * routing-controllers' container (`useContainer`), for the action of the request. With `userCache`, whose users are
 * shared between requests, the container is asked without an action.
 *
 * @throws {@link ConfigurationError} if the class is undefined, as in a circular import.
 *
 * @example
 * ```ts
 * @UserLoader({ db: inject(Database) })
 * findByEmail(email: string, { db }: { db: Database }) {
 *   return db.accounts.find(email);
 * }
 * ```
 */
export function inject<T>(type: ClassConstructor<T>): Dependency<T> {
  if (typeof type !== 'function') throw invalidUserLoader(`inject() needs a class, and got ${describe(type)}`);
  return new Dependency<T>(({ action }) => getFromContainer(type, action), false);
}

function describe(type: unknown): string {
  if (type === undefined) return 'undefined; do two modules import each other?';
  return `${type === null ? 'null' : `a value of type ${typeof type}`}; pass the class, not an instance`;
}

/**
 * Returns an extra argument of `@UserLoader`, alone or as a property: at each call, the result of this function (a
 * promise is awaited), such as the tenant of the host name or the database session of the request.
 *
 * @param factory - Its `action` is undefined if there is no request, as in `getCurrentUser(token)`.
 * @throws {@link ConfigurationError} for anything but a function.
 *
 * @example
 * ```ts
 * @UserLoader({ tenant: provide((action) => action?.request.hostname as string) })
 * find(sub: string, { tenant }: { tenant: string }) {
 *   return accountsOf(tenant).find(sub);
 * }
 * ```
 */
export function provide<T>(factory: (action: Action | undefined, payload: TokenPayload) => T): Dependency<Awaited<T>> {
  if (typeof factory !== 'function')
    throw invalidUserLoader('provide() needs a function: provide((action, payload) => value)');
  return new Dependency<Awaited<T>>(({ action, payload }) => factory(action, payload), true);
}
