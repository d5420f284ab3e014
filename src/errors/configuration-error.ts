/**
 * The programmer's mistake: what is configured cannot work. Its message says what to do. Not an HTTP error, so where
 * it shows only in a request, the request is answered with 500 and nobody is let in.
 */
export class ConfigurationError extends Error {
  readonly code = 'configuration_error';
  override readonly name = 'ConfigurationError';
}
