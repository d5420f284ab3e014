import { ownProperty } from './auth-error';
import { type CauseOption, httpErrorClass } from './login-http-error';

/** Seconds after which a client may ask again. */
const RETRY_AFTER = 1;

/** 503: the session store or the login limiter does not answer, so the request is denied. */
export class ServiceUnavailableError extends httpErrorClass('ServiceUnavailableError', {
  status: 503,
  code: 'service_unavailable',
}) {
  constructor(message = 'Authentication is temporarily unavailable', options: CauseOption = {}) {
    super(message, { headers: { 'Retry-After': String(RETRY_AFTER) }, cause: ownProperty(options, 'cause') });
  }
}
