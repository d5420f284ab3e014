import { type Action, ActionMetadata } from 'routing-controllers';

/**
 * Returns the routes under which a controller must declare a public path, longest first: the path itself and, because
 * `routePrefix` or a mount may stand before the controller's routes, every end of it. `/api/token` gives `/api/token`
 * and `/token`. A path with parameters or wildcards gives itself alone.
 */
export function possibleRoutes(path: string): string[] {
  if (!isLiteral(path)) return [path];
  const starts = [...path].flatMap((char, index) => (char === '/' && index < path.length - 1 ? [index] : []));
  return starts.map((start) => path.slice(start));
}

/** Returns whether a controller's route can be at the public path, on a server with this prefix. */
export function isUnderPrefix(path: string, routePrefix: string, route: string): boolean {
  return !isLiteral(path) || path.endsWith(String(ActionMetadata.appendBaseRoute(routePrefix, route)));
}

/** Returns the message for a public path that no route of a server with this prefix can be at. */
export function outsidePrefix(owner: string, path: string, routePrefix: string): string {
  const [prefix] = String(ActionMetadata.appendBaseRoute(routePrefix, '/')).split(/\/$/);
  return `${owner} answers at '${path}', which is not under routePrefix '${routePrefix}'; tokenUrl, refreshUrl and revokeUrl are paths as clients see them, such as '${prefix}${path}'`;
}

/** Returns whether the client asks for this public path, whatever part of it frameworks take off for mounts. */
export function isAskedAt(path: string, action: Action): boolean {
  return !isLiteral(path) || comparable(originalPath(action)) === comparable(path);
}

/** Returns the path of a request as the client sent it. */
export function originalPath({ request }: Action): string {
  const target: string = request.originalUrl ?? request.url ?? '';
  const path = target.startsWith('/') ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '');
  return path.split('?', 1).join();
}

function isLiteral(path: string): boolean {
  return !/[:*?+(){}[\]]/.test(path);
}

/** Routers ignore case and a slash at the end, and decode; one that does not has refused the request before. */
function comparable(path: string): string {
  return decode(path)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
