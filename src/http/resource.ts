import { ConfigurationError } from '../errors/configuration-error';
import { isSecureUrl } from '../util/origin';

/** The well-known path of a resource's metadata (RFC 9728 §3). */
export const RESOURCE_METADATA_PATH = '/.well-known/oauth-protected-resource';

/**
 * Parses the option `resource`: the URL of an API (RFC 8707 §2, RFC 9728 §1.2).
 *
 * @throws {@link ConfigurationError} for anything but an https URL without a fragment; http is for the loopback alone.
 */
export function parseResource(value: unknown): string | undefined {
  if (value === undefined || isIdentifierUrl(value)) return value;
  throw new ConfigurationError(
    "resource must be the URL of this API, such as 'https://api.example.com/mcp': https, without a fragment and credentials (RFC 8707 §2); http is only for the loopback",
  );
}

/** Whether a secure URL can identify a resource or an issuer: it has no fragment (RFC 8414 §2, RFC 8707 §2). */
export function isIdentifierUrl(value: unknown): value is string {
  return isSecureUrl(value) && !/[\s#]/.test(value);
}

/**
 * Returns a well-known URL: the well-known path stands between the host and the path of the URL that it belongs to, whose
 * slash after the host is left out (RFC 8414 §3, RFC 9728 §3.1).
 */
export function wellKnownUrl(wellKnownPath: string, owner: string): URL {
  const { origin, pathname, search } = new URL(owner);
  return new URL(`${origin}${wellKnownPath}${pathname === '/' ? '' : pathname}${search}`);
}

/** Returns the URL of a resource's metadata (RFC 9728 §3.1). */
export function resourceMetadataUrl(resource: string): string {
  return wellKnownUrl(RESOURCE_METADATA_PATH, resource).href;
}
