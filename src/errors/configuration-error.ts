/** The page that explains errors: a path in the repository, because the site may be anywhere. */
export const HELP_PAGE = 'docs/troubleshooting.md';

/** A section of the page about configuration errors. */
export type HelpSection =
  | 'arguments'
  | 'contents-of-tokens'
  | 'cookies'
  | 'exceptions'
  | 'invalid-options'
  | 'issuers'
  | 'routes-and-decorators'
  | 'secret-and-keys'
  | 'servers'
  | 'sessions-and-stores'
  | 'token-endpoints'
  | 'user-loader';

/** Options of a {@link ConfigurationError}. */
export interface ConfigurationErrorOptions extends ErrorOptions {
  /** The section of `docs/troubleshooting.md` that explains the mistake. Default: `'invalid-options'`. */
  section?: HelpSection;
}

/**
 * Thrown for an invalid configuration. The message says how to fix it, and its last line where the documentation explains
 * it. It is not an HTTP error: if the mistake shows only during a request, the request is answered with 500 and is not let
 * in.
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

  /**
   * @param message - What is wrong, and what to do.
   * @param options - The section of the documentation that the last line names, and the cause.
   */
  constructor(message: string, options: ConfigurationErrorOptions = {}) {
    const { section = 'invalid-options' } = options;
    super(`${message}\nSee ${HELP_PAGE}#${section}`, options);
  }
}
