import { ForbiddenError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';

/** 403: an unsafe request came with the cookie, but not from the application's own pages (CSRF). */
export class CrossOriginError extends ForbiddenError implements LoginHttpError {
  static {
    markAuthErrorClass(CrossOriginError.prototype);
  }

  override name = 'CrossOriginError';
  declare readonly status: 403;
  declare readonly code: 'cross_origin';
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(message = 'The request does not come from a page of this application') {
    super(message);
    initAuthError(this, new.target.prototype, { code: 'cross_origin' });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
