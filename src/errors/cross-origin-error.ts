import { type CauseOption, httpErrorClass } from './login-http-error';

/** 403: an unsafe request came with the cookie, but not from the application's own pages (CSRF). */
export class CrossOriginError extends httpErrorClass('CrossOriginError', { status: 403, code: 'cross_origin' }) {
  constructor(message = 'The request does not come from a page of this application', options: CauseOption = {}) {
    super(message, options);
  }
}
