import { expect } from 'chai';
import { Router } from 'express';
import express4 from 'express-4';
import { type App, createApp, type Framework, listen, onEachServer } from '../../support/servers';
import { capturingStderr } from '../../support/stderr';
import { controllersOf, faultsOf, manager, refusedRequests, registerAs } from './refused-requests';

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

const prefixes = ['/json'];
const controllers = [controllersOf.own['/json']];

describe('a refusal in an application that is not the outermost', () => {
  onEachServer(
    (_start, framework, kind) => {
      const checkCosts = async (url: string, under: string) => {
        const written = await capturingStderr(async () => {
          for (const request of refusedRequests) {
            const faults = await faultsOf(url, request, { prefixes: prefixes.map((one) => under + one), times: 20 });
            expect(faults, request.name).to.deep.equal([]);
          }
        });
        expect(written).to.equal('');
      };

      it('costs nothing where Koa hands its requests over', async () => {
        const [outer, inner] = [createApp('Koa'), createApp(framework)];
        manager.attachMiddleware(outer);
        registerAs[kind](inner, { manager, controllers });
        outer.use((context: App) => {
          context.respond = false;
          return new Promise((resolve) => inner(context.req, context.res.on('close', resolve)));
        });
        await checkCosts((await listen(outer)).url, '');
      });

      for (const [name, mount] of Object.entries(mounts)) {
        for (const defaultErrorHandler of [true, false]) {
          const start = async (after: (app: App) => void = () => undefined) => {
            const app = createApp(framework);
            mount(app, framework, (target) => {
              registerAs[kind](target, { manager, controllers, defaultErrorHandler });
            });
            after(app);
            return listen(app);
          };

          it(`costs nothing ${name}, defaultErrorHandler ${defaultErrorHandler}`, async () => {
            await checkCosts((await start()).url, '/api');
          });

          it(`reaches the outer error middleware ${name}, defaultErrorHandler ${defaultErrorHandler}`, async () => {
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
    },
    ['Express 5', 'Express 4'],
  );
});
