import { HttpError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';

/** 303: go to another page instead (RFC 9110 §15.4.4); what `redirectTo` raises. */
export class RedirectError extends HttpError implements LoginHttpError {
  static {
    markAuthErrorClass(RedirectError.prototype);
  }

  override name = 'RedirectError';
  declare readonly status: 303;
  declare readonly code: string;
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(location: string, cause: { message: string; code: string }) {
    super(303, cause.message);
    initAuthError(this, new.target.prototype, { code: cause.code, headers: { Location: location }, cause });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
