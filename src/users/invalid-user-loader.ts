import { ConfigurationError } from '../errors/configuration-error';

/** Returns the error of a user loader that cannot be used, or of what is injected into one. */
export function invalidUserLoader(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'user-loader' });
}
