import { ownProperty } from './auth-error';
import { type CauseOption, httpErrorClass } from './login-http-error';

/** Seconds. */
const DEFAULT_RETRY_AFTER = 60;

/**
 * 429: too many failed logins (RFC 6585 §4).
 *
 * @example
 * ```ts
 * throw new TooManyAttemptsError(result.msBeforeNext / 1000);
 * ```
 */
export class TooManyAttemptsError extends httpErrorClass('TooManyAttemptsError', {
  status: 429,
  code: 'too_many_attempts',
}) {
  /**
   * @param retryAfter - Seconds until the next attempt is allowed, for the `Retry-After` header; rounded up. Default 60,
   * which also replaces anything but a positive number.
   */
  constructor(retryAfter: number = DEFAULT_RETRY_AFTER, options: CauseOption = {}) {
    const seconds = Number.isFinite(retryAfter) && retryAfter > 0 ? Math.ceil(retryAfter) : DEFAULT_RETRY_AFTER;
    super('Too many attempts; try again later', {
      headers: { 'Retry-After': String(seconds) },
      cause: ownProperty(options, 'cause'),
    });
  }
}
