/** The page that explains errors: a path in the repository, because the site may be anywhere. */
export const HELP_PAGE = 'docs/troubleshooting.md';

/** The sections of the page, each with what the messages that it explains name. The first that fits is the one. */
const SECTIONS: readonly (readonly [section: string, messages: RegExp])[] = [
  ['invalid-options', /apiKey\(|credentials must|tokenUrl must|^The options/],
  ['token-endpoints', /tokenEndpoints|proxyPrefix|limiter|option cookies|see the endpoint/],
  [
    'servers',
    /use(?:Express|Koa)Server|own server|both checkers|attach\w+\(\)|koa-bodyparser|routePrefix|array of classes/,
  ],
  [
    'routes-and-decorators',
    /^Invalid (?:controllers|route)|@Authorized|@Public|@Subject|polic(?:y|ies)\b|(?:anyOf|allOf|beforeBody|deny|stepUp|subject)\(|\bacr\b|A subject/,
  ],
  ['contents-of-tokens', /^data\b|\{ data:|given the scope|^The token|expires is longer|securityStamp/],
  ['user-loader', /user ?loader|userCache|(?:inject|provide)\(/i],
  ['exceptions', /exception|redirectTo|only must be/i],
  ['cookies', /cookie/i],
  ['issuers', /issuer|introspection|jwksUri|audience|https URL/i],
  ['sessions-and-stores', /session|refresh|sliding|one-?time|bind of|a purpose|Redis/i],
  ['secret-and-keys', /secret|\bkeys?\b|JWK|algorithm|only verifies/i],
  ['arguments', /requires (?:a|an|at|the|scopes?)\b|There is no request/],
];

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

  /** @param message - What is wrong, and what to do. */
  constructor(message: string, options?: ErrorOptions) {
    const section = SECTIONS.find(([, messages]) => messages.test(message))?.[0] ?? 'invalid-options';
    super(`${message}\nSee ${HELP_PAGE}#${section}`, options);
  }
}
