import { ownProperty } from './auth-error';
import { type CauseOption, httpErrorClass } from './login-http-error';

/**
 * Options of {@link PolicyDeniedError}.
 *
 * @example
 * ```ts
 * throw new PolicyDeniedError(undefined, { policy: 'isOwner', reason: 'archived' });
 * ```
 */
export interface PolicyDeniedErrorOptions extends CauseOption {
  /** The name of the policy that refused. */
  readonly policy?: string | undefined;
  /** The word that it refused with, by `deny(…)`. */
  readonly reason?: string | undefined;
}

/**
 * 403: a policy among the roles of `@Authorized` refused. The `cause` names the policy and its reason to the developer;
 * neither is sent.
 */
export class PolicyDeniedError extends httpErrorClass('PolicyDeniedError', { status: 403, code: 'policy_denied' }) {
  /** The word that the policy refused with, by `deny(…)`; undefined for `false`. It is not sent. */
  declare readonly reason: string | undefined;

  constructor(message = 'You are not allowed to do this', options: PolicyDeniedErrorOptions = {}) {
    const policy = ownProperty(options, 'policy');
    const reason = ownProperty(options, 'reason');
    const said = [policy || undefined, reason].filter((word) => word !== undefined).join(': ');
    super(message, { cause: ownProperty(options, 'cause') ?? (said === '' ? undefined : said) });
    Object.defineProperty(this, 'reason', { value: reason });
  }
}
