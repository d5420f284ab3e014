import { isLoopback } from '../../util/origin';
import { invalidIssuer } from './invalid-issuer';

/** Whether keys may be fetched from an address: by https, or by http from this machine. */
export function isSecureUrl(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(host));
}

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
