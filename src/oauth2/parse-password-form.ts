import { validate } from 'class-validator';
import { InvalidRequestError, InvalidScopeError, UnsupportedGrantTypeError } from '../errors/oauth2-error';
import { type FormFields, stringField } from '../http/form-body';
import { isScopeToken, splitScopes } from '../util/scope';
import { OAuth2PasswordRequestForm } from './password-request-form';

/** The parameters that are read, each at most once and as text (RFC 6749 §3.2). Others are ignored. */
const PARAMETERS = ['grant_type', 'username', 'password', 'scope', 'client_id', 'client_secret'];

/**
 * @param fields - Of the body.
 * @param client - The client's credentials, where they came in the header; not in both places (RFC 6749 §2.3).
 * @throws {@link OAuth2Error} for what is no password request; no message holds a value that was sent.
 */
export async function parsePasswordForm(
  fields: FormFields,
  client: FormFields = {},
): Promise<OAuth2PasswordRequestForm> {
  if (client.client_id !== undefined && Object.hasOwn(fields, 'client_secret')) {
    throw new InvalidRequestError('The client must give its credentials in one place only');
  }
  const { scope = '', ...others } = textsOf({ ...fields, ...client });
  const form = Object.assign(new OAuth2PasswordRequestForm(), others, { scopes: splitScopes(scope) });
  if (!form.scopes.every(isScopeToken)) throw new InvalidScopeError('The requested scope is malformed');
  const faults = await validate(form, { validationError: { target: false, value: false } });
  const names = faults.map(({ property }) => property);
  if (names.includes('grant_type')) throw new UnsupportedGrantTypeError();
  if (names.length > 0) throw new InvalidRequestError(`Missing or malformed: ${names.join(', ')}`);
  return form;
}

function textsOf(fields: FormFields): Partial<Record<string, string>> {
  const texts = PARAMETERS.map((name) => [name, stringField(fields, name)] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
}
