import { ForbiddenError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';

/**
 * 403: a request with the cookie did not come from the application's own pages (CSRF). Its `cause` tells the developer
 * which origins were compared and what to do; no response contains it.
 */
export class CrossOriginError extends ForbiddenError implements LoginHttpError {
  static {
    markAuthErrorClass(CrossOriginError.prototype);
  }

  override name = 'CrossOriginError';
  declare readonly status: 403;
  declare readonly code: 'cross_origin';
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(
    message = 'The request does not come from a page of this application',
    { cause }: { cause?: unknown } = {},
  ) {
    super(message);
    initAuthError(this, new.target.prototype, { code: 'cross_origin', cause });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
