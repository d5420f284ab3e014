import { isIP } from 'node:net';

/** Where browsers send a cookie: with its name, this identifies it (RFC 6265bis §5.7). */
export interface CookieScope {
  readonly domain: string | undefined;
  readonly path: string;
}

/** Deeper hosts and paths are rare, and each scope costs a line of the response. */
const MAX_LEVELS = 3;

/**
 * Returns the other scopes that a cookie of the request can have: the host alone or one of its domains, and one of
 * these paths or a directory of the requested path. A `__Host-` cookie has one scope only.
 *
 * @param path - The requested path; with a slash at its end, all of it is a directory.
 */
export function earlierScopes(
  { name, ...current }: CookieScope & { name: string },
  host: string | undefined,
  path: string,
  usualPaths: readonly string[],
): CookieScope[] {
  if (/^__host-/i.test(name)) return [];
  const own = current.domain?.replace(/^\./, '').toLowerCase();
  const paths = [...new Set([...usualPaths, current.path, ...directoriesOf(path)])];
  return [undefined, ...domainsOf(host)]
    .flatMap((domain) => paths.map((path): CookieScope => ({ domain, path })))
    .filter(({ domain, path }) => domain !== own || path !== current.path);
}

/** The longest name of a host (RFC 1035 §2.3.4), and the longest value of an attribute that browsers keep (RFC 6265bis §5.6). */
const MAX_HOST = 253;
const MAX_ATTRIBUTE = 1024;

/** A label that the attribute `Domain` can hold (RFC 1123 §2.1); hosts of browsers have others too, such as `my_app`. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Returns the domain of a host and those above it, but no top-level domain, and none that no cookie can have. */
function domainsOf(host: string | undefined): string[] {
  if (host === undefined || !URL.canParse(`http://${host}`)) return [];
  const { hostname } = new URL(`http://${host}`);
  if (hostname.length > MAX_HOST || hostname.startsWith('[') || isIP(hostname) !== 0) return [];
  const labels = hostname.split('.');
  const first = 1 + Math.max(-1, ...labels.map((label, index) => (LABEL.test(label) ? -1 : index)));
  const domains = labels.slice(first, -1).map((_, index) => labels.slice(first + index).join('.'));
  return domains.slice(-MAX_LEVELS);
}

/** Leaves out what no attribute of a cookie can hold. */
function directoriesOf(path: string): string[] {
  const segments = path.split('/').slice(1, -1).slice(0, MAX_LEVELS);
  const directories = segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
  return directories.filter(
    (directory) => directory.length <= MAX_ATTRIBUTE && /^[\x21-\x3a\x3d-\x7e]+$/.test(directory),
  );
}
