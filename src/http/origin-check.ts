import { ConfigurationError } from '../errors/configuration-error';
import type { RequestContext } from './request-context';

/** Safe methods (RFC 9110 §9.2.1) change nothing, so it does not matter which page sent them. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Which pages may send what the browser adds the cookie to by itself: the defence against request forgery. */
export class OriginCheck {
  private readonly trusted: ReadonlySet<string>;

  /** @param trustedOrigins - Serialised origins, beside the application's own. */
  constructor(trustedOrigins: readonly string[]) {
    this.trusted = new Set(trustedOrigins);
  }

  /** Whether this is an unsafe request of a foreign page. */
  isCrossOrigin(context: RequestContext): boolean {
    return !SAFE_METHODS.has(context.message.method ?? '') && !this.isOwn(context);
  }

  /**
   * `Sec-Fetch-Site` is the browser's own word and no page can change it; `Origin` is the older one. A client that
   * sends neither is no browser, and nobody can make it send another user's cookie.
   */
  private isOwn(context: RequestContext): boolean {
    const { origin, 'sec-fetch-site': site } = context.message.headers;
    if (origin !== undefined && this.trusted.has(origin)) return true;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    return origin === undefined || origin === ownOrigin(context);
  }
}

function ownOrigin(context: RequestContext): string | undefined {
  return originOf(`${context.isSecure() ? 'https' : 'http'}://${context.host()}`);
}

/** The origin as a browser writes it: in lower case, without a default port. */
export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

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
