import { HttpError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';

/** Seconds after which a client may ask again. */
const RETRY_AFTER = 1;

/** 503: what decides about logins (the revocation store) cannot be asked, so nobody is let in. */
export class ServiceUnavailableError extends HttpError implements LoginHttpError {
  static {
    markAuthErrorClass(ServiceUnavailableError.prototype);
  }

  override name = 'ServiceUnavailableError';
  declare readonly status: 503;
  declare readonly code: 'service_unavailable';
  declare readonly headers: Readonly<Record<string, string>>;

  constructor(message = 'Logins cannot be checked at the moment', { cause }: { cause?: unknown } = {}) {
    super(503, message);
    const headers = { 'Retry-After': String(RETRY_AFTER) };
    initAuthError(this, new.target.prototype, { code: 'service_unavailable', headers, cause });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
