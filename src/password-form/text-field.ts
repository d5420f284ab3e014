import { InvalidRequestError } from '../errors/oauth2-error';
import type { Fields } from './read-fields';

/**
 * One parameter of a token request; an empty one counts as absent (RFC 6749 §3.2).
 *
 * @throws {@link InvalidRequestError} for one that is repeated, or no text.
 */
export function textField(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new InvalidRequestError(`Given more than once, or not as text: ${name}`);
}
