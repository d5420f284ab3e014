import { expect } from 'chai';
import { Router } from 'express';
import express4 from 'express-4';
import { managerOf } from '../../support/accounts';
import { type App, closeServers, createApp, type Framework, listen, register } from '../../support/servers';
import { capturingStderr } from '../../support/stderr';
import { faultsOf, JsonRoutes, refusedRequests } from './refused-requests';

type Mount = (app: App, framework: Framework, routes: (target: App) => void) => void;

const router = (framework: Framework): App =>
  framework === 'Express 5' ? Router() : (express4 as unknown as { Router: typeof Router }).Router();

const mounts: Record<string, Mount> = {
  'in an application mounted in another': (app, framework, routes) => {
    const inner = createApp(framework);
    routes(inner);
    app.use('/api', inner);
  },
  'in an application mounted two deep': (app, framework, routes) => {
    const [middle, inner] = [createApp(framework), createApp(framework)];
    routes(inner);
    middle.use(inner);
    app.use('/api', middle);
  },
  'in an application mounted before it has routes': (app, framework, routes) => {
    const inner = createApp(framework);
    app.use('/api', inner);
    routes(inner);
  },
  'in a router': (app, framework, routes) => {
    const inner = router(framework);
    routes(inner);
    app.use('/api', inner);
  },
  'in an application mounted in a router': (app, framework, routes) => {
    const [outer, inner] = [router(framework), createApp(framework)];
    routes(inner);
    outer.use(inner);
    app.use('/api', outer);
  },
};

describe('a refusal costs nothing', () => {
  const manager = managerOf({ useCookie: true });
  afterEach(closeServers);

  for (const framework of ['Express 5', 'Express 4'] as const) {
    it(`in an application of ${framework} that Koa hands its requests to`, async () => {
      const [outer, inner] = [createApp('Koa'), createApp(framework)];
      manager.attachMiddleware(outer);
      register(inner, { manager, controllers: [JsonRoutes] });
      outer.use((context: App) => {
        context.respond = false;
        return new Promise((resolve) => inner(context.req, context.res.on('close', resolve)));
      });
      const { url } = await listen(outer);
      const written = await capturingStderr(async () => {
        for (const request of refusedRequests(manager, '/json')) {
          expect(await faultsOf(url, request, 20), request.name).to.deep.equal([]);
        }
      });
      expect(written).to.equal('');
    });

    for (const [name, mount] of Object.entries(mounts)) {
      for (const defaultErrorHandler of [true, false]) {
        const start = async (after: (app: App) => void = () => undefined) => {
          const app = createApp(framework);
          mount(app, framework, (target) => {
            register(target, { manager, controllers: [JsonRoutes], defaultErrorHandler });
          });
          after(app);
          return listen(app);
        };

        it(`${name} on ${framework}, defaultErrorHandler ${defaultErrorHandler}`, async () => {
          const { url } = await start();
          const written = await capturingStderr(async () => {
            for (const request of refusedRequests(manager, '/api/json')) {
              expect(await faultsOf(url, request, 20), request.name).to.deep.equal([]);
            }
          });
          expect(written).to.equal('');
        });

        it(`${name} on ${framework} reaches the outer error middleware, defaultErrorHandler ${defaultErrorHandler}`, async () => {
          const seen: string[] = [];
          const { client } = await start((app) =>
            app.use((error: App, _request: App, response: App, _next: unknown) => {
              seen.push(error.code);
              if (!response.headersSent) response.status(401).json({ answered: 'outside' });
            }),
          );
          const { body } = await client.get('/api/json/login');
          expect(seen).to.deep.equal(['token_missing']);
          if (!defaultErrorHandler) expect(body).to.deep.equal({ answered: 'outside' });
        });
      }
    }
  }
});
