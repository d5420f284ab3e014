import { isSecureUrl } from '../../util/origin';
import { invalidIssuer } from './invalid-issuer';

/** Returns an address that keys may be fetched from. @throws {@link ConfigurationError} for any other value. */
export function parseSecureUrl(url: unknown, name: string): string {
  if (isSecureUrl(url)) return url;
  throw invalidIssuer(
    `${name} must be an absolute https URL without a user; http is for the loopback alone, because who changes the answer chooses who is let in`,
  );
}

/** Whether http addresses may follow from this one: an https issuer never sends us to http, not even on this machine. */
export function mayFollow(from: string, to: unknown): to is string {
  return isSecureUrl(to) && (new URL(from).protocol === 'http:' || new URL(to).protocol === 'https:');
}
