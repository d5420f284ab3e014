import type { Action } from 'routing-controllers';
import { contextOf } from '../http/action';
import type { FormFields } from '../http/form-body';
import { createFormDecorator, formParameter } from '../http/form-parameter';
import { clientCredentials } from './client-authentication';
import { parsePasswordForm } from './parse-password-form';
import type { OAuth2PasswordRequestForm } from './password-request-form';

/**
 * A parameter of type `OAuth2PasswordRequestForm`, from a form-encoded or a JSON body; nothing else needs to be set up.
 * The answer gets `Cache-Control: no-store` (RFC 6749 §5.1). A body that is no such form is answered as §5.2 says.
 */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its own parameter decorators
export function PasswordForm(): Function {
  return createFormDecorator(passwordForm);
}

const passwordForm = formParameter('password', readPasswordForm);

/** Parses the fields of a password request, with the client's credentials from the body or the `Authorization` header. */
export function readPasswordForm(fields: FormFields, action: Action): Promise<OAuth2PasswordRequestForm> {
  return parsePasswordForm(fields, clientCredentials(contextOf(action).message.headers.authorization));
}
