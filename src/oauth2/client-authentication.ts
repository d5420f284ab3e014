import { InvalidClientError } from '../errors/oauth2-error';
import type { FormFields } from '../http/form-body';

/**
 * The client's credentials of an `Authorization: Basic` header, each form-encoded (RFC 6749 §2.3.1); none where the
 * header has another scheme.
 *
 * @throws {@link InvalidClientError} for a header that cannot be read.
 */
export function clientCredentials(authorization: string | undefined): FormFields {
  const [scheme = '', encoded = ''] = (authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') return {};
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  if (text === ':') return {}; // as Swagger UI sends where nobody named a client
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidClientError();
  return { client_id: formDecoded(text.slice(0, colon)), client_secret: formDecoded(text.slice(colon + 1)) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new InvalidClientError();
  }
}
