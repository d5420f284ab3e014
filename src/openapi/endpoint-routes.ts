import type { IRoute } from 'routing-controllers-openapi';
import { ConfigurationError } from '../errors/configuration-error';
import { formEndpointOf } from '../http/form-parameter';
import { isUnderPrefix, outsidePrefix } from '../http/public-path';
import type { OpenApiDocument } from './document';
import { pathOf } from './route-paths';

/**
 * Chooses the routes to document. A token endpoint declares every end of its public path, of which one is documented:
 * the one that, behind a server's path of the document, is the public path.
 *
 * @throws {@link ConfigurationError} if the public path is not under the `routePrefix`.
 */
export function withoutAliases<T extends { readonly route: IRoute }>(
  found: readonly T[],
  servers: OpenApiDocument['servers'],
): T[] {
  const chosen = new Map<string, T>();
  for (const one of found) {
    const key = endpointKey(one.route);
    if (key === undefined || !fits(one.route)) continue;
    if (!chosen.has(key) || isAtPublicPath(one.route, servers)) chosen.set(key, one);
  }
  for (const { route } of found) {
    const key = endpointKey(route);
    if (key !== undefined && !chosen.has(key))
      throw new ConfigurationError(problemOf(route), { section: 'token-endpoints' });
  }
  return found.filter((one) => {
    const key = endpointKey(one.route);
    return key === undefined || chosen.get(key) === one;
  });
}

function endpointKey({ action, params }: IRoute): string | undefined {
  const endpoint = formEndpointOf(params);
  return endpoint && JSON.stringify([action.target.name, action.method, endpoint.path]);
}

function fits({ action, controller, options, params }: IRoute): boolean {
  const path = formEndpointOf(params)?.path ?? '';
  return isUnderPrefix(path, options.routePrefix ?? '', `${controller.route ?? ''}${action.route ?? ''}`);
}

function problemOf({ action, options, params }: IRoute): string {
  const path = formEndpointOf(params)?.path ?? '';
  return outsidePrefix(`${action.target.name}.${action.method}`, path, options.routePrefix ?? '');
}

function isAtPublicPath(route: IRoute, servers: OpenApiDocument['servers']): boolean {
  const bases = servers?.length ? servers.map(({ url }) => basePath(url)) : [''];
  return bases.some((base) => `${base}${pathOf(route)}` === formEndpointOf(route.params)?.path);
}

function basePath(url: string): string {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname.replace(/\/$/, '') : '';
}
