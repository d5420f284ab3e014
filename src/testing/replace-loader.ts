import { ConfigurationError } from '../errors/configuration-error';
import type { TestLoader } from '../users/loader-resolver';
import type { AnyManager } from './login-as';

/**
 * Replaces the user loader of a manager, so that a test needs no database. Cached users are forgotten.
 *
 * @param load - Gets the subject of the token; returns the user, or null, or a promise of it.
 * @returns A function that puts the loader of before back.
 * @throws `ConfigurationError` for anything but a function.
 * @example
 * ```ts
 * const restore = replaceLoader(lm, (email) => ({ email, admin: true }));
 * after(restore);
 * ```
 */
export function replaceLoader(manager: AnyManager, load: TestLoader): () => void {
  if (typeof load !== 'function')
    throw new ConfigurationError('replaceLoader() requires a function that returns the user of a subject', {
      section: 'arguments',
    });
  return manager.testing.replaceLoader(load);
}
