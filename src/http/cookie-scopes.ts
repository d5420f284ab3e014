import { isIP } from 'node:net';
import type { RequestContext } from './request-context';

/** Where browsers send a cookie: with its name, this identifies it (RFC 6265bis §5.7). */
export interface CookieScope {
  readonly domain: string | undefined;
  readonly path: string;
}

/** Deeper hosts and paths are rare, and each scope costs a line of the response. */
const MAX_LEVELS = 3;

/**
 * Returns the other scopes that a cookie of the request can have: the host alone or one of its domains, and each path
 * that the requested path begins with. A `__Host-` cookie has one scope only.
 */
export function earlierScopes({ name, ...current }: CookieScope & { name: string }, context: RequestContext) {
  if (/^__host-/i.test(name)) return [];
  const own = current.domain?.replace(/^\./, '').toLowerCase();
  const paths = [...new Set(['/', current.path, ...pathPrefixes(context.path())])];
  return [undefined, ...domainsOf(context.host())]
    .flatMap((domain) => paths.map((path): CookieScope => ({ domain, path })))
    .filter(({ domain, path }) => domain !== own || path !== current.path);
}

/** Returns the domain of a host and those above it, but no top-level domain. */
function domainsOf(host: string | undefined): string[] {
  if (host === undefined || !URL.canParse(`http://${host}`)) return [];
  const { hostname } = new URL(`http://${host}`);
  const labels = hostname.split('.');
  if (labels.length < 2 || hostname.startsWith('[') || isIP(hostname) !== 0) return [];
  return labels
    .slice(0, -1)
    .map((_, index) => labels.slice(index).join('.'))
    .slice(-MAX_LEVELS);
}

/** Leaves out what no attribute of a cookie can hold. */
function pathPrefixes(path: string): string[] {
  const segments = path.split('/').slice(1, MAX_LEVELS + 1);
  const prefixes = segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
  return prefixes.filter((prefix) => /^[\x21-\x3a\x3c-\x7e]+$/.test(prefix));
}
