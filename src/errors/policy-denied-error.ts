import { type CauseOption, httpErrorClass } from './login-http-error';

/** 403: a policy among the roles of `@Authorized` returned false. */
export class PolicyDeniedError extends httpErrorClass('PolicyDeniedError', { status: 403, code: 'policy_denied' }) {
  constructor(message = 'You are not allowed to do this', options: CauseOption = {}) {
    super(message, options);
  }
}
