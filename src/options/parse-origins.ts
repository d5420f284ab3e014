import { ConfigurationError } from '../errors/configuration-error';
import { originOf } from '../http/origin-rule';

/** @throws {@link ConfigurationError} for anything but a list of origins (RFC 6454 §6.2). */
export function parseOrigins(urls: readonly string[] = []): readonly string[] {
  const origins = Array.isArray(urls) ? urls.map(parseOrigin) : [undefined];
  if (origins.every((origin) => origin !== undefined)) return Object.freeze(origins);
  throw new ConfigurationError(
    "trustedOrigins must be a list of origins, such as 'https://app.example.com': scheme, host and port alone",
  );
}

/** Compared whole, so an asterisk would match nothing. */
function parseOrigin(url: unknown): string | undefined {
  const origin = typeof url === 'string' && !url.includes('*') ? originOf(url) : undefined;
  return origin !== 'null' && [origin, `${origin}/`].includes(String(url).toLowerCase()) ? origin : undefined;
}
