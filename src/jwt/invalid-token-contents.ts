import { ConfigurationError } from '../errors/configuration-error';

/** Returns the error of contents that a token cannot have. */
export function invalidTokenContents(message: string, options?: ErrorOptions): ConfigurationError {
  return new ConfigurationError(message, { ...options, section: 'contents-of-tokens' });
}
