import { InvalidClientError } from '../errors/oauth2-error';
import type { FormFields } from '../http/form-body';

/**
 * Returns the client's credentials of an `Authorization: Basic` header, each form-decoded (RFC 6749 §2.3.1), or no
 * fields if the header has another scheme.
 *
 * @throws {@link InvalidClientError} for a header that cannot be decoded.
 */
export function clientCredentials(authorization: string | undefined): FormFields {
  const [scheme = '', encoded = ''] = (authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') return {};
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  if (credentials === ':') return {}; // Swagger UI sends it if the client has no name
  const colon = credentials.indexOf(':');
  if (colon < 1) throw new InvalidClientError();
  return {
    client_id: decodeFormComponent(credentials.slice(0, colon)),
    client_secret: decodeFormComponent(credentials.slice(colon + 1)),
  };
}

function decodeFormComponent(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new InvalidClientError();
  }
}
