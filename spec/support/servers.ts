import { createServer, type Server } from 'node:http';
import express from 'express';
import express4 from 'express-4';
import Koa from 'koa';
import { type RoutingControllersOptions, useExpressServer, useKoaServer } from 'routing-controllers';
import supertest from 'supertest';
import type { LoginManager } from '../../src/manager/login-manager';

export type Framework = 'Express 5' | 'Express 4' | 'Koa';

/** An application of any of the frameworks; specs that need more of it know which one it is. */
// biome-ignore lint/suspicious/noExplicitAny: the frameworks have no type in common
export type App = any;

// biome-ignore lint/suspicious/noExplicitAny: of whatever user
type AnyManager = LoginManager<any>;

export interface RoutesOptions extends RoutingControllersOptions {
  manager: AnyManager;
}

export interface ServerOptions extends RoutesOptions {
  /** Called with the application before the routes are registered, */
  before?: (app: App) => void;
  /** and after. */
  after?: (app: App) => void;
}

export interface RunningServer {
  readonly client: ReturnType<typeof supertest>;
  readonly url: string;
  readonly app: App;
}

export type Start = (options: ServerOptions) => Promise<RunningServer>;

const running: Server[] = [];

/** Closes the servers of the running test; `.mocharc.yml` need not know of it. */
export function closeServers(): void {
  close(running.splice(0));
}

function close(servers: readonly Server[]): void {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
}

/** One server for all specs of the running suite, which change nothing in it. */
export function sharedServer(startIt: () => Promise<RunningServer>): () => RunningServer {
  let server: RunningServer;
  let shared: Server[] = [];

  before(async () => {
    server = await startIt();
    shared = running.splice(0);
  });

  after(() => close(shared));

  return () => server;
}

/** Who serves the controllers: routing-controllers' own functions with the two checkers, or the manager's functions. */
export type ServerKind = 'own' | 'secure';

/** Starts a real server on a free port of the loopback. */
export function starter(framework: Framework, kind: ServerKind = 'own'): Start {
  return async ({ before, after, ...options }) => {
    const app = createApp(framework);
    before?.(app);
    if (kind === 'own') register(app, options);
    else registerSecurely(app, options);
    after?.(app);
    return listen(app);
  };
}

export function createApp(framework: Framework): App {
  if (framework === 'Koa') return new Koa();
  return framework === 'Express 5' ? express() : (express4 as unknown as typeof express)();
}

/** An empty list registers every class of the process, as none does: this one is no middleware and no interceptor. */
class Nothing {}

export const nothingElse = { middlewares: [Nothing], interceptors: [Nothing] };

/** Registers routes with the checkers of a manager. */
export function register(app: App, { manager, ...options }: RoutesOptions): void {
  const { checker: authorizationChecker, currentUserChecker } = manager;
  const controllers = options.controllers?.length === 0 ? [Nothing] : options.controllers;
  const routes = {
    ...nothingElse,
    ...options,
    ...(controllers && { controllers }),
    authorizationChecker,
    currentUserChecker,
  };
  if (app instanceof Koa) useKoaServer(app, routes);
  else useExpressServer(app, routes);
}

/** Registers routes with the manager's own functions. */
export function registerSecurely(app: App, { manager, ...options }: RoutesOptions): void {
  if (app instanceof Koa) manager.useKoaServer(app, { ...nothingElse, ...options });
  else manager.useExpressServer(app, { ...nothingElse, ...options });
}

export async function listen(app: App): Promise<RunningServer> {
  const server = await new Promise<Server>((resolve) => {
    const started: Server = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  running.push(server);
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return { client: supertest(url), url, app };
}

/** Listens before there is an application, for one that must know its own address. */
export async function listenFirst(): Promise<{ url: string; serve(app: App): void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(server);
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    serve: (app) => void server.on('request', app instanceof Koa ? app.callback() : app),
  };
}

/** What an application's own error handling answers with. */
export interface OwnAnswer {
  status: number;
  body?: object;
  location?: string;
}

/** The application's own error handling: an error middleware on Express, a `try` around everything on Koa. */
export function ownErrorHandling(
  framework: Framework,
  // biome-ignore lint/suspicious/noExplicitAny: an application knows its errors
  answer: (error: any) => OwnAnswer,
): Pick<ServerOptions, 'before' | 'after'> {
  if (framework === 'Koa') return { before: (app) => app.use(koaErrorHandling(answer)) };
  return {
    // Express tells an error middleware by its four parameters.
    after: (app) =>
      app.use((error: unknown, _request: App, response: App, _next: unknown) => {
        const { status, body = {}, location } = answer(error);
        if (response.headersSent) return;
        if (location) response.setHeader('Location', location);
        response.status(status).json(body);
      }),
  };
}

function koaErrorHandling(answer: (error: unknown) => OwnAnswer) {
  return async (context: App, next: () => Promise<void>) => {
    try {
      await next();
    } catch (error) {
      const { status, body = {}, location } = answer(error);
      if (location) context.set('Location', location);
      Object.assign(context, { status, body });
    }
  };
}

/** Has an application believe the `X-Forwarded-*` headers. */
export function trustProxy(app: App): void {
  if (app instanceof Koa) app.proxy = true;
  else app.set('trust proxy', true);
}

export const frameworks: readonly Framework[] = ['Express 5', 'Express 4', 'Koa'];

/** Runs the same specs on routing-controllers' own servers of Express 5, Express 4 and Koa, or of some of them. */
export const onEachFramework = (
  specs: (start: Start, framework: Framework) => void,
  some: readonly Framework[] = frameworks,
): void => onServers(specs, some, ['own']);

/** Runs the same specs on the manager's servers of Express 5, Express 4 and Koa, or of some of them. */
export const onEachSecureServer = (
  specs: (start: Start, framework: Framework) => void,
  some: readonly Framework[] = frameworks,
): void => onServers(specs, some, ['secure']);

/** Runs the same specs on all six servers: three frameworks, each with routing-controllers' functions and the manager's. */
export const onEachServer = (
  specs: (start: Start, framework: Framework, kind: ServerKind) => void,
  some: readonly Framework[] = frameworks,
): void => onServers(specs, some, ['own', 'secure']);

export const onBothExpresses = (specs: (start: Start, framework: Framework) => void): void =>
  onEachFramework(specs, ['Express 5', 'Express 4']);

function onServers(
  specs: (start: Start, framework: Framework, kind: ServerKind) => void,
  some: readonly Framework[],
  kinds: readonly ServerKind[],
): void {
  for (const framework of some) {
    for (const kind of kinds) {
      describe(`on ${framework}${kind === 'secure' ? ", the manager's server" : ''}`, () => {
        afterEach(closeServers);
        specs(starter(framework, kind), framework, kind);
      });
    }
  }
}
