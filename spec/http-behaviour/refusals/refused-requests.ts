import { Authorized, Controller, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import { type Account, managerOf, tokenOf } from '../../support/accounts';
import { bearer, cookie, foreign } from '../../support/http';
import type { Answer, Call } from '../../support/keep-alive';
import { pipeline } from '../../support/pipeline';
import { type App, type Framework, register, registerSecurely, type ServerKind } from '../../support/servers';
import { SlowAccounts } from '../../support/slow-accounts';
import '../../support/quiet-lost-guards';

const nobody = async () => false;

function guardedRoutes() {
  class Routes {
    @Authorized()
    @Get('/login')
    login() {
      return { secret: true };
    }

    @Authorized('notes:write')
    @Get('/scope')
    scope() {
      return { secret: true };
    }

    @Get('/required')
    required(@CurrentUser({ required: true }) account: Account) {
      return { secret: account.email };
    }

    @Authorized()
    @Post('/write')
    write() {
      return { secret: true };
    }

    @Authorized(nobody)
    @Get('/policy')
    policy() {
      return { secret: true };
    }
  }
  return Routes;
}

const JsonRoutes = guardedRoutes();
JsonController('/json')(JsonRoutes);

const TextRoutes = guardedRoutes();
Controller('/text')(TextRoutes);

@JsonController('/inherited')
class InheritedRoutes extends guardedRoutes() {}

/** The same routes for each prefix. routing-controllers' own servers lose the guards of inherited ones. */
export const controllersOf: Record<ServerKind, Record<string, App>> = {
  own: { '/json': JsonRoutes, '/text': TextRoutes },
  secure: { '/json': JsonRoutes, '/text': TextRoutes, '/inherited': InheritedRoutes },
};

export const registerAs: Record<ServerKind, typeof register> = { own: register, secure: registerSecurely };

/** A manager whose loader answers at once, and one whose loader is waited for. */
export const manager = managerOf({ useCookie: true });
export const waiting = managerOf({ useCookie: true, userLoader: SlowAccounts });

export interface RefusedRequest extends Call {
  name: string;
  headers?: Record<string, string>;
  status: number;
  code: string;
  /** The challenge it must get; undefined for none. */
  challenge?: string;
}

const token = tokenOf(manager, 'ada@example.com', ['notes:read']);

/** One request for each way to be refused, without the prefix. */
export const refusedRequests: readonly RefusedRequest[] = [
  { name: 'a missing token', path: '/login', status: 401, code: 'token_missing', challenge: 'Bearer realm="api"' },
  {
    name: 'a bad token',
    path: '/login',
    headers: bearer('garbage'),
    status: 401,
    code: 'token_invalid',
    challenge: 'Bearer realm="api", error="invalid_token", error_description="The access token is invalid"',
  },
  {
    name: 'a missing scope',
    path: '/scope',
    headers: bearer(token),
    status: 403,
    code: 'insufficient_scope',
    challenge: 'Bearer realm="api", error="insufficient_scope", scope="notes:write"',
  },
  {
    name: 'a missing current user',
    path: '/required',
    status: 401,
    code: 'token_missing',
    challenge: 'Bearer realm="api"',
  },
  {
    name: 'a foreign page',
    path: '/write',
    method: 'POST',
    headers: { ...cookie(token), ...foreign },
    status: 403,
    code: 'cross_origin',
  },
  { name: 'a policy', path: '/policy', headers: bearer(token), status: 403, code: 'policy_denied' },
];

/** Sends such a request to the routes of a prefix. */
// biome-ignore lint/suspicious/noExplicitAny: supertest's client
export function sendTo(client: any, prefix: string, { method = 'GET', path, headers = {} }: RefusedRequest): App {
  return client[method.toLowerCase()](`${prefix}${path}`).set(headers);
}

const errorMiddlewares: Record<string, (app: App) => void> = {
  'no error middleware': () => undefined,
  'an error middleware that passes errors on': (app) => {
    app.use((error: unknown, _request: App, _response: App, next: (error: unknown) => void) => next(error));
  },
  'an error middleware that answers': (app) => {
    app.use((error: App, _request: App, response: App, _next: unknown) => {
      if (!response.headersSent) response.status(error.httpCode).json({ message: error.message });
    });
  },
  'an error middleware that answers although that was done': (app) => {
    app.use((error: App, _request: App, response: App, _next: unknown) => {
      response.status(error.httpCode).json({ message: error.message });
      response.status(error.httpCode).json({ message: error.message });
    });
  },
};

/** The error middleware that applications have, or have not. */
export function errorMiddlewaresOf(framework: Framework): Record<string, (app: App) => void> {
  return framework === 'Koa' ? { 'no error middleware': () => undefined } : errorMiddlewares;
}

/**
 * Each way in which the answers to many such requests over one connection were not as they should be, once, for the
 * routes of each prefix.
 */
export async function faultsOf(
  url: string,
  request: RefusedRequest,
  { prefixes, times }: { prefixes: readonly string[]; times: number },
): Promise<string[]> {
  const faults: string[] = [];
  for (const prefix of prefixes) {
    const answers = await pipeline(url, { ...request, path: `${prefix}${request.path}` }, times);
    faults.push(...answers.flatMap((answer) => faultsOfOne(answer, request)));
    if (answers.length < times) faults.push(`${prefix}: the connection was lost`);
  }
  return [...new Set(faults)];
}

function faultsOfOne({ status, headers, body }: Answer, request: RefusedRequest): string[] {
  return [
    status === request.status ? '' : `status ${status}`,
    headers['www-authenticate'] === request.challenge ? '' : `challenge ${headers['www-authenticate']}`,
    /\bat .*:\d+:\d+|node_modules|secret/.test(body) ? `stack or secret in ${body}` : '',
    body === '' ? 'no body' : '',
  ].filter(Boolean);
}
