import type { Action } from 'routing-controllers';
import type { FormFields } from '../http/form-body';
import { createFormDecorator, formParameter } from '../http/form-parameter';
import { contextOf } from '../http/request-context';
import { clientCredentials } from './client-authentication';
import { parsePasswordForm } from './parse-password-form';
import type { OAuth2PasswordRequestForm } from './password-request-form';

/**
 * Injects the login form of the request, from a form-encoded or JSON body; no body parser is needed. The response gets
 * `Cache-Control: no-store` (RFC 6749 §5.1). An invalid form is answered with 400 as in RFC 6749 §5.2, before the
 * handler runs.
 *
 * @example
 * ```ts
 * @Post('/login')
 * async login(@PasswordForm() form: OAuth2PasswordRequestForm) { … }
 * ```
 */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its own parameter decorators
export function PasswordForm(): Function {
  return createFormDecorator(passwordForm);
}

const passwordForm = formParameter('password', readPasswordForm);

/** Parses the fields of a password request, with the client's credentials from the body or the `Authorization` header. */
export function readPasswordForm(fields: FormFields, action: Action): OAuth2PasswordRequestForm {
  return parsePasswordForm(fields, clientCredentials(contextOf(action).headers.authorization));
}
