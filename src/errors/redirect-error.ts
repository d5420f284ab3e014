import { httpErrorClass } from './login-http-error';

/** 303: go to another page instead (RFC 9110 §15.4.4); thrown by `redirectTo`. */
export class RedirectError extends httpErrorClass('RedirectError', { status: 303 }) {
  constructor(location: string, cause: { message: string; code: string }) {
    super(cause.message, { code: cause.code, headers: { Location: location }, cause });
  }
}
