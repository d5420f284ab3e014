/**
 * Thrown for an invalid configuration; the message says how to fix it. It is not an HTTP error: if the mistake shows only
 * during a request, the request is answered with 500 and is not let in.
 *
 * @example
 * ```ts
 * try {
 *   lm.useExpressServer(app, options);
 * } catch (error) {
 *   if (error instanceof ConfigurationError) console.error(error.message); // every problem of every route
 *   process.exit(1);
 * }
 * ```
 */
export class ConfigurationError extends Error {
  readonly code = 'configuration_error';
  override readonly name = 'ConfigurationError';
}
