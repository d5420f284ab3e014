import { ForbiddenError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';

/** 403: a policy among the roles of `@Authorized` answered false. */
export class PolicyDeniedError extends ForbiddenError implements LoginHttpError {
  static {
    markAuthErrorClass(PolicyDeniedError.prototype);
  }

  override name = 'PolicyDeniedError';
  declare readonly status: 403;
  declare readonly code: 'policy_denied';
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(message = 'You may not do this') {
    super(message);
    initAuthError(this, new.target.prototype, { code: 'policy_denied' });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
