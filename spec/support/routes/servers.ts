import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import express from 'express';
import express4 from 'express-4';
import Koa from 'koa';
import { All, Delete, Get, Head, JsonController, Post, Req } from 'routing-controllers';
import { managerOf } from '../accounts';
import { type App, createApp, type Framework, listen, register, registerSecurely, type ServerKind } from '../servers';
import type { RandomController, RandomRequest, RandomServer } from './arbitrary';

const decorators = { All, Delete, Get, Head, Post };

// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types controllers
type Class = Function & { new (): object };

/** What a router tells a route of the request. */
const seenBy = (request: App) =>
  request.ctx
    ? { params: request.ctx.params, path: `${request.ctx._matchedRoute}`, captures: request.ctx.captures }
    : {
        params: { ...request.params },
        path: `${request.route?.path}`,
        urls: [request.url, request.baseUrl, request.originalUrl],
        parameters: request.headers['x-parameters'],
      };

function controllerOf({ path, routes }: RandomController, name: string): Class {
  const made = { [name]: class {} }[name] as Class;
  routes.forEach((route, index) => {
    const method = `route${index}`;
    const value = (request: App) => ({ route: `${name}.${method}`, seen: seenBy(request) });
    Object.defineProperty(made.prototype, method, { value, writable: true, configurable: true });
    Req()(made.prototype, method, 0);
    decorators[route.verb](route.path as string)(made.prototype, method);
  });
  JsonController(path)(made);
  return made;
}

export const controllersOf = ({ controllers }: RandomServer): Class[] =>
  controllers.map((controller, index) => controllerOf(controller, `Controller${index}`));

const manager = managerOf();

/** An application of either kind with the same controllers. */
export function applicationOf(
  framework: Framework,
  kind: ServerKind,
  controllers: readonly Class[],
  { routePrefix, caseSensitive, strict, isMounted }: RandomServer,
): RequestListener {
  const options = { manager, controllers: [...controllers], routePrefix };
  const serve = (app: App) => (kind === 'own' ? register(app, options) : registerSecurely(app, options));
  const app = createApp(framework);
  if (app instanceof Koa) {
    app.silent = true;
    serve(app);
    return app.callback();
  }
  app.set('env', 'test'); // prints no errors
  app.set('case sensitive routing', caseSensitive);
  app.set('strict routing', strict);
  const { Router } = framework === 'Express 5' ? express : (express4 as unknown as typeof express);
  const target = isMounted ? Router({ caseSensitive, strict }) : app;
  target.param('id', (request: App, _response: unknown, next: () => void, id: string) => {
    request.headers['x-parameters'] = `${request.headers['x-parameters'] ?? ''}${id},`;
    next();
  });
  serve(target);
  if (isMounted) app.use('/m', target);
  return app;
}

export interface Outcome {
  readonly status: number;
  readonly allow: string | undefined;
  readonly body: string;
}

/** A server that is started once for all applications of a spec. */
export class ChangingServer {
  application: RequestListener = (_, response) => response.end();
  private port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => this.application(request, response));
    this.port = Number(new URL((await listen(server)).url).port);
  }

  /** Sends a request whose target is what it is, whether a URL could be so or not. */
  ask({ method, target }: RandomRequest): Promise<Outcome> {
    const { port } = this;
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, agent: false, method, path: target }, async (response) => {
        let body = '';
        for await (const chunk of response.setEncoding('utf8')) body += chunk;
        resolve({ status: response.statusCode as number, allow: response.headers.allow, body: withoutStack(body) });
      });
      sent.on('error', reject).end();
    });
  }
}

const withoutStack = (body: string) => body.replace(/<pre>.*/s, '');
