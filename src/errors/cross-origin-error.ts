import { type CauseOption, httpErrorClass } from './login-http-error';

/**
 * 403: a request with the cookie did not come from the application's own pages (CSRF). Its `cause` tells the developer
 * which origins were compared and what to do; no response contains it.
 */
export class CrossOriginError extends httpErrorClass('CrossOriginError', { status: 403, code: 'cross_origin' }) {
  constructor(message = 'The request does not come from a page of this application', options: CauseOption = {}) {
    super(message, options);
  }
}
