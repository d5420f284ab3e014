import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenData } from '../jwt/token-signer';
import type { ProbedRoute } from '../routing-controllers/probe';
import type { ServerOptions } from '../routing-controllers/servers';
import { type AnyManager, loginAs } from './login-as';

/** Options of {@link accessMatrix}: those of the server, and whose requests are sent. */
export interface AccessMatrixOptions extends ServerOptions {
  /** The user whose requests are sent; the user loader is replaced for so long. Default: an object without properties. */
  user?: unknown;
  /** The subject of the tokens. With it and without `user` the manager's own loader is asked. Default `'test'`. */
  sub?: string | number;
  /**
   * Further claims of the tokens; or, for a manager whose `scopeClaim` is a function, a function that returns the claims
   * for scopes: `(scopes) => ({ realm_access: { roles: scopes } })`. Default: none.
   */
  data?: Omit<TokenData, 'sub'> | ((scopes: readonly string[]) => Omit<TokenData, 'sub'>);
  /** The path parameters, by name. Default: each is `'1'`. */
  params?: Readonly<Record<string, string>>;
}

/** What one route answers: 200 to requests that it lets in, and otherwise the status of the refusal. */
export interface AccessRow {
  /** The method and the path. */
  readonly route: string;
  /** The status without a login. */
  readonly nothing: number;
  /** The status with all scopes of the route but the one that is named. */
  readonly without: Readonly<Record<string, number>>;
  /** The status with all scopes of the route. */
  readonly all: number;
}

/**
 * Calls every route without a login, with each of its scopes left out, and with all of them, and returns a table to
 * compare or to snapshot. The routes have their own middleware, guards and policies; the handlers do not run. With
 * `scopesOf` the scopes of the tokens do not count, so the table shows what that user may do.
 *
 * Routes with a regular expression as their path cannot be called, and are left out.
 *
 * @throws `ConfigurationError` as `useExpressServer` does.
 * @example
 * ```ts
 * const table = await accessMatrix(lm, { controllers: [Notes] });
 * expect(table).to.deep.equal([
 *   { route: 'GET /notes', nothing: 401, without: { 'notes:read': 403 }, all: 200 },
 * ]);
 * ```
 */
export async function accessMatrix(
  manager: AnyManager,
  { user, sub, data, params = {}, ...options }: AccessMatrixOptions = {},
): Promise<AccessRow[]> {
  const isLoaderReplaced = user !== undefined || sub === undefined;
  const restore = isLoaderReplaced ? manager.testing.replaceLoader(() => user ?? {}) : () => undefined;
  let server: Server | undefined;
  try {
    const { app, routes } = manager.testing.createProbe(options);
    const { url, ...started } = await listen(app);
    server = started.server;
    const login = (scopes: readonly string[]) =>
      loginAs(
        manager,
        sub ?? 'test',
        typeof data === 'function' ? { data: data(scopes) } : { scopes, ...(data && { data }) },
      );
    const rows: AccessRow[] = [];
    for (const route of routes.filter(({ path }) => path.startsWith('/') && !path.startsWith('/^')))
      rows.push(await callRoute(route, `${url}${fillPath(route.path, params)}`, login));
    return rows;
  } finally {
    restore();
    server?.closeAllConnections();
    server?.close();
  }
}

async function callRoute(
  { method, path, namedScopes: all }: ProbedRoute,
  url: string,
  login: (scopes: readonly string[]) => Record<string, string>,
): Promise<AccessRow> {
  const call = async (headers: Record<string, string>) => {
    const response = await fetch(url, { method: method === 'ALL' ? 'GET' : method, headers, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  };
  const without: Record<string, number> = {};
  for (const scope of all) without[scope] = await call(login(all.filter((one) => one !== scope)));
  return { route: `${method} ${path}`, nothing: await call({}), without, all: await call(login(all)) };
}

/** Puts values in place of parameters, with their patterns, and of wildcards. */
function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path
    .replaceAll(/[{}]/g, '')
    .replaceAll(/[:*](\w+)(\([^)]*\))?[?*+]?/g, (_, name: string) => encodeURIComponent(params[name] ?? '1'))
    .replaceAll('*', '1');
}

async function listen(app: unknown): Promise<{ server: Server; url: string }> {
  const listener = typeof app === 'function' ? app : (app as { callback(): unknown }).callback();
  const server = createServer(listener as RequestListener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
