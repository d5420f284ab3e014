import { ConfigurationError } from '../../errors/configuration-error';

/** Returns the error of a secret, a key or an algorithm that cannot be used. */
export function invalidKey(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'secret-and-keys' });
}
