import { InvalidRequestError, InvalidScopeError, UnsupportedGrantTypeError } from '../errors/oauth2-error';
import { type FormFields, stringField } from '../http/form-body';
import { isScopeToken, splitScopes } from '../util/scope';
import { OAuth2PasswordRequestForm } from './password-request-form';

/** The parameters of the password grant. Each must be a single string (RFC 6749 §3.2). */
const PARAMETERS = ['grant_type', 'username', 'password', 'scope', 'client_id', 'client_secret'];

/**
 * Parses a password request.
 *
 * @param fields - The fields of the body.
 * @param client - The client's credentials from the header. They must not be in both places (RFC 6749 §2.3).
 * @throws {@link OAuth2Error} if it is not a valid password request; no message contains a submitted value.
 */
export function parsePasswordForm(fields: FormFields, client: FormFields = {}): OAuth2PasswordRequestForm {
  if (client.client_id !== undefined && Object.hasOwn(fields, 'client_secret')) {
    throw new InvalidRequestError('The client credentials must be sent either in the header or in the body');
  }
  const { scope = '', grant_type = 'password', ...others } = readParameters({ ...fields, ...client });
  const scopes = splitScopes(scope);
  if (!scopes.every(isScopeToken)) throw new InvalidScopeError('The requested scope is malformed');
  if (grant_type !== 'password') throw new UnsupportedGrantTypeError();
  const missing = ['username', 'password'].filter((name) => others[name] === undefined);
  if (missing.length > 0) throw new InvalidRequestError(`Missing or malformed: ${missing.join(', ')}`);
  return Object.assign(new OAuth2PasswordRequestForm(), others, { scopes, fields: otherFields(fields) });
}

function readParameters(fields: FormFields): Partial<Record<string, string>> {
  const strings = PARAMETERS.map((name) => [name, stringField(fields, name)] as const);
  return Object.fromEntries(strings.filter(([, value]) => value !== undefined));
}

/** Without a prototype, a field named like a property of all objects is as harmless as any other. */
function otherFields(fields: FormFields): OAuth2PasswordRequestForm['fields'] {
  const others = Object.create(null);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && !PARAMETERS.includes(name)) others[name] = value;
  }
  return Object.freeze(others);
}
