import { type Action, type ClassConstructor, getFromContainer } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { TokenPayload } from '../jwt/token-payload';
import { Dependency } from './dependency';

/**
 * An extra argument of `@UserLoader`, alone or as a property: at each call, what routing-controllers' container
 * (`useContainer`) gives for this class and this action.
 *
 * @throws {@link ConfigurationError} where the class is undefined, as in a circle of imports.
 */
export function inject<T>(type: ClassConstructor<T>): Dependency<T> {
  if (typeof type !== 'function')
    throw new ConfigurationError('inject() needs a class and got none: do two modules import each other?');
  return new Dependency<T>(({ action }) => getFromContainer(type, action), false);
}

/**
 * An extra argument of `@UserLoader`, alone or as a property: at each call, what this function returns (a promise is
 * awaited), such as the tenant of the host name or the database session of the request.
 *
 * @param factory - Its `action` is undefined where there is no request, as in `getCurrentUser(token)`.
 */
export function provide<T>(factory: (action: Action | undefined, payload: TokenPayload) => T): Dependency<Awaited<T>> {
  if (typeof factory !== 'function')
    throw new ConfigurationError('provide() needs a function: provide((action, payload) => value)');
  return new Dependency<Awaited<T>>(({ action, payload }) => factory(action, payload), true);
}
