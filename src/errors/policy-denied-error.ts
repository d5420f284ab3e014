import { ForbiddenError } from 'routing-controllers';
import { areRefusals } from './auth-error';
import { bodyOf, describe, type ErrorBody, type LoginHttpError } from './login-http-error';

/** 403: a policy among the roles of `@Authorized` answered false. */
export class PolicyDeniedError extends ForbiddenError implements LoginHttpError {
  static {
    areRefusals(PolicyDeniedError.prototype);
  }

  override name = 'PolicyDeniedError';
  declare readonly status: 403;
  declare readonly code: 'policy_denied';
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(message = 'You may not do this') {
    super(message);
    describe(this, new.target.prototype, { code: 'policy_denied' });
  }

  toJSON(): ErrorBody {
    return bodyOf(this);
  }
}
