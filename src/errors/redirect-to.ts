import type { Action } from 'routing-controllers';
import { ConfigurationError } from './configuration-error';
import type { NotAuthenticatedError } from './not-authenticated-error';
import { RedirectError } from './redirect-error';

/** Options of {@link redirectTo}. */
export interface RedirectOptions {
  /**
   * The query parameter that tells the login page where the visitor wanted to go: the path and query of the request,
   * where its method was GET or HEAD. The login page must check that it is a path of its own before it goes there.
   */
  returnTo?: string;
}

/**
 * A ready-made `notAuthenticatedException`: 303 to the login page, whatever the reason.
 *
 * @param location - A path or an absolute URL, percent-encoded.
 * @throws {@link ConfigurationError} where the location is empty or not percent-encoded.
 */
export function redirectTo(
  location: string,
  { returnTo }: RedirectOptions = {},
): (error: NotAuthenticatedError, action?: Action) => Error {
  if (typeof location !== 'string' || !/^[\x21-\x7e]+$/.test(location)) {
    throw new ConfigurationError("redirectTo() needs a path or a URL such as '/login', percent-encoded");
  }
  return (error, action) =>
    new RedirectError(returnTo && action ? withReturn(location, returnTo, action.request) : location, error);
}

function withReturn(location: string, parameter: string, request: { method: string; originalUrl: string }): string {
  if (request.method !== 'GET' && request.method !== 'HEAD') return location;
  if (!/^\/(?![/\\])/.test(request.originalUrl)) return location; // no path, but another site
  const [path, ...fragment] = location.split('#');
  const query = new URLSearchParams({ [parameter]: request.originalUrl });
  return [`${path}${path?.includes('?') ? '&' : '?'}${query}`, ...fragment].join('#');
}
