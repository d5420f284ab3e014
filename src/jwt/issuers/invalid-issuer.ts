import { ConfigurationError } from '../../errors/configuration-error';

/** Returns the error of an issuer that cannot be used. */
export function invalidIssuer(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'issuers' });
}
