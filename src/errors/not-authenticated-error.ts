import { ownProperty } from './auth-error';
import { httpErrorClass } from './login-http-error';
import { ChallengeCache, type ChallengeParameters, DEFAULT_PARAMETERS } from './www-authenticate';

/** Why no user could be established. */
export type NotAuthenticatedCode =
  | 'token_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'token_revoked'
  | 'user_unknown'
  | 'credential_invalid';

const messages: Record<NotAuthenticatedCode, string> = {
  token_missing: 'Authentication is required',
  token_expired: 'The access token expired',
  token_invalid: 'The access token is invalid',
  token_revoked: 'The access token was revoked',
  user_unknown: 'The access token is invalid',
  credential_invalid: 'The credential is invalid',
};

/** The attributes of each code's challenge. */
const errors = Object.fromEntries(
  Object.entries(messages).map(([code, error_description]) => [
    code,
    Object.freeze(namesError(code) ? { error: 'invalid_token', error_description } : {}),
  ]),
) as Record<NotAuthenticatedCode, Readonly<Record<string, string>>>;

/** A challenge names no error if no token was sent (RFC 6750 §3.1); an API key is no token. */
function namesError(code: string): boolean {
  return code !== 'token_missing' && code !== 'credential_invalid';
}

const challenges = new ChallengeCache<Readonly<Record<string, string>>>();

/**
 * Options of {@link NotAuthenticatedError}.
 *
 * @example
 * ```ts
 * throw new NotAuthenticatedError(undefined, { code: 'token_expired', cause });
 * ```
 */
export interface NotAuthenticatedErrorOptions {
  /** Default: the `code` of the cause if that is a `NotAuthenticatedError`, else `'token_missing'`. */
  code?: NotAuthenticatedCode;
  /** The reason, for the developer; it is never sent. */
  cause?: unknown;
  /** Parameters of the `WWW-Authenticate` header. Default `{ realm: 'api' }`. */
  challenge?: ChallengeParameters;
}

/**
 * 401: no user can be established. The `WWW-Authenticate` header names no error if no token was sent, and
 * `invalid_token` otherwise (RFC 6750 §3, §3.1).
 *
 * The `code` tells a missing token from an expired, invalid or revoked one. Of the library's own errors `cause` is a
 * string that says more, such as which key or claim did not fit; it is never sent to the client.
 *
 * @example
 * ```ts
 * try {
 *   await lm.authenticate(request);
 * } catch (error) {
 *   if (error instanceof NotAuthenticatedError && error.code === 'token_expired') return renew(request);
 *   throw error;
 * }
 * ```
 */
export class NotAuthenticatedError extends httpErrorClass<401, NotAuthenticatedCode>('NotAuthenticatedError', {
  status: 401,
}) {
  /** @param message - Default: the message of the code. */
  constructor(message?: string, options: NotAuthenticatedErrorOptions = {}) {
    const cause = ownProperty(options, 'cause');
    const parameters = ownProperty(options, 'challenge') ?? DEFAULT_PARAMETERS;
    const code =
      ownProperty(options, 'code') ?? (cause instanceof NotAuthenticatedError ? cause.code : 'token_missing');
    const known = Object.hasOwn(errors, code) ? code : 'token_invalid'; // JavaScript may give any
    const challenge = challenges.get(parameters, errors[known], (attributes) => attributes);
    super(message || messages[known], { code, headers: { 'WWW-Authenticate': challenge }, cause });
  }
}
