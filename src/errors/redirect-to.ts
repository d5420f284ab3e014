import type { Action } from 'routing-controllers';
import { ConfigurationError } from './configuration-error';
import type { InsufficientAuthenticationError } from './insufficient-authentication-error';
import type { NotAuthenticatedError } from './not-authenticated-error';
import { RedirectError } from './redirect-error';

/**
 * Options of {@link redirectTo}.
 *
 * @example
 * ```ts
 * redirectTo('/login', { returnTo: 'next', only: 'pages' });
 * ```
 */
export interface RedirectOptions {
  /**
   * Name of the query parameter that gets the path and the query string of the original request, if it is a GET or HEAD
   * request. The login page must check it before it redirects there; `localPath()` does that. Default: none.
   */
  returnTo?: string;
  /**
   * `'pages'` redirects only requests whose `Accept` header contains HTML, as browsers send it for pages. All others
   * get the 401, which a script can handle. Default: every request is redirected.
   */
  only?: 'pages';
}

/**
 * Returns a `notAuthenticatedException` that answers with 303 and the login page as `Location`.
 *
 * A visitor whose login is too old for `stepUp` is redirected too. The page must show its form even to a logged-in
 * user. Otherwise the browser is redirected in a loop.
 *
 * @param location - A path that begins with `/`, or an absolute URL; percent-encoded.
 * @throws {@link ConfigurationError} if the location is empty, relative or not percent-encoded, or an option is unknown.
 * @example
 * new LoginManager(secret, '/login', {
 *   useCookie: true,
 *   notAuthenticatedException: redirectTo('/login', { returnTo: 'next', only: 'pages' }),
 * });
 */
export function redirectTo(
  location: string,
  { returnTo, only }: RedirectOptions = {},
): (error: NotAuthenticatedError | InsufficientAuthenticationError, action?: Action) => Error {
  checkLocation(location);
  if (only !== undefined && only !== 'pages')
    throw invalidRedirect("only must be 'pages'; omit it to redirect every request");
  return (error, action) => {
    if (only === 'pages' && !acceptsHtml(action)) return error;
    return new RedirectError(returnTo && action ? withReturn(location, returnTo, action.request) : location, error);
  };
}

function checkLocation(location: string): void {
  if (typeof location !== 'string' || !/^[\x21-\x7e]+$/.test(location))
    throw invalidRedirect("redirectTo() needs a path or a URL such as '/login', percent-encoded");
  if (/^(\/(?![/\\])|[a-z][a-z0-9+.-]*:)/i.test(location)) return;
  throw invalidRedirect(
    `redirectTo('${location}') depends on the page that was asked for; write a path that begins with one slash, such as '/login', or a full URL`,
  );
}

/** A media range with a wildcard does not count: scripts send it too. */
function acceptsHtml(action: Action | undefined): boolean {
  const accept: unknown = action?.request?.headers?.accept;
  if (typeof accept !== 'string') return false;
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const isHtml = type === 'text/html' || type === 'application/xhtml+xml';
    return isHtml && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function withReturn(location: string, parameter: string, request: { method: string; originalUrl: string }): string {
  if (request.method !== 'GET' && request.method !== 'HEAD') return location;
  if (!/^\/(?![/\\])/.test(request.originalUrl)) return location; // no path, but another site
  const [path, ...fragment] = location.split('#');
  const query = new URLSearchParams({ [parameter]: request.originalUrl });
  return [`${path}${path?.includes('?') ? '&' : '?'}${query}`, ...fragment].join('#');
}

function invalidRedirect(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'exceptions' });
}
