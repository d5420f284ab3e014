import { type ClassConstructor, getFromContainer } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
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
