import { UnauthorizedError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';
import { bearerChallenge } from './www-authenticate';

/** Why no user could be established. */
export type NotAuthenticatedCode =
  | 'token_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'token_revoked'
  | 'user_unknown';

const messages: Record<NotAuthenticatedCode, string> = {
  token_missing: 'Authentication is required',
  token_expired: 'The access token expired',
  token_invalid: 'The access token is invalid',
  token_revoked: 'The access token was revoked',
  user_unknown: 'The access token is invalid',
};

/** Challenges name no error where no token was sent (RFC 6750 §3.1). */
const challenges = Object.fromEntries(
  Object.entries(messages).map(([code, message]) => [
    code,
    bearerChallenge(code === 'token_missing' ? {} : { error: 'invalid_token', error_description: message }),
  ]),
) as Record<NotAuthenticatedCode, string>;

/** Options of {@link NotAuthenticatedError}. */
export interface NotAuthenticatedErrorOptions {
  /** Default: the `code` of the cause where that is a `NotAuthenticatedError`, else `'token_missing'`. */
  code?: NotAuthenticatedCode;
  cause?: unknown;
}

/**
 * 401: no user can be established. Its challenge names no error where no token was sent, and `invalid_token`
 * otherwise (RFC 6750 §3, §3.1).
 */
export class NotAuthenticatedError extends UnauthorizedError implements LoginHttpError {
  static {
    markAuthErrorClass(NotAuthenticatedError.prototype);
  }

  override name = 'NotAuthenticatedError';
  declare readonly status: 401;
  declare readonly code: NotAuthenticatedCode;
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(message?: string, { code, cause }: NotAuthenticatedErrorOptions = {}) {
    const reason = code ?? (cause instanceof NotAuthenticatedError ? cause.code : 'token_missing');
    super(message || messages[reason]);
    initAuthError(this, new.target.prototype, {
      code: reason,
      headers: { 'WWW-Authenticate': challenges[reason] },
      cause,
    });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
