import { ownProperty } from './auth-error';
import { ConfigurationError } from './configuration-error';
import { httpErrorClass } from './login-http-error';
import { type ChallengeParameters, createChallenge, DEFAULT_PARAMETERS } from './www-authenticate';

/** Options of {@link InsufficientAuthenticationError}. */
export interface InsufficientAuthenticationErrorOptions {
  /** The greatest age of the login that is accepted, in seconds. Default: any. */
  maxAge?: number;
  /** Authentication context classes, one of which the login must have. Default: any. */
  acr?: readonly string[];
  /** The reason, for the developer; it is never sent. */
  cause?: unknown;
  /** Further parameters of the `WWW-Authenticate` header. Default `{ realm: 'api' }`. */
  challenge?: ChallengeParameters;
}

/**
 * 401: the token is valid, but its login is too old or too weak for this request. The `WWW-Authenticate` header says
 * what a new login needs (RFC 9470 §3).
 *
 * @example
 * ```ts
 * throw new InsufficientAuthenticationError({ maxAge: 300, acr: ['mfa'] });
 * ```
 */
export class InsufficientAuthenticationError extends httpErrorClass('InsufficientAuthenticationError', {
  status: 401,
  code: 'insufficient_user_authentication',
}) {
  /** The greatest age of the login that is accepted, in seconds. Undefined if any is. */
  readonly maxAge: number | undefined;
  /** Authentication context classes, one of which the login must have. Undefined if any will do. */
  readonly acr: readonly string[] | undefined;

  /** @throws {@link ConfigurationError} if `maxAge` is negative or not finite, or `acr` is not an array of strings. */
  constructor(options: InsufficientAuthenticationErrorOptions = {}) {
    const maxAge = ownProperty(options, 'maxAge');
    const acr = ownProperty(options, 'acr');
    if (maxAge !== undefined && !(Number.isFinite(maxAge) && maxAge >= 0))
      throw new ConfigurationError('maxAge must be a number of seconds, 0 or more');
    if (acr !== undefined && !(Array.isArray(acr) && acr.every((value) => typeof value === 'string')))
      throw new ConfigurationError('acr must be an array of strings');
    const message = 'A more recent or stronger login is required';
    const header = createChallenge(ownProperty(options, 'challenge') ?? DEFAULT_PARAMETERS, {
      error: 'insufficient_user_authentication',
      error_description: message,
      ...(maxAge !== undefined && { max_age: String(Math.floor(maxAge)) }),
      ...(acr && acr.length > 0 && { acr_values: acr.join(' ') }),
    });
    super(message, { headers: { 'WWW-Authenticate': header }, cause: ownProperty(options, 'cause') });
    this.maxAge = maxAge;
    this.acr = acr && Object.freeze([...acr]);
  }
}
