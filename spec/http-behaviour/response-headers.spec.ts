import { ServerResponse } from 'node:http';
import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import { Authorized, Get, JsonController, Res, UnauthorizedError } from 'routing-controllers';
import { redirectTo } from '../../src/errors/redirect-to';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import {
  type App,
  createApp,
  type Framework,
  listen,
  nothingElse,
  onBothExpresses,
  onEachFramework,
} from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @Get('/notes')
  notes() {
    return [];
  }

  @Authorized()
  @Get('/late')
  late() {
    throw new UnauthorizedError('the session of the shop has ended');
  }

  @Authorized()
  @Get('/written')
  written(@Res() response: App) {
    const target: ServerResponse = response.res ?? response;
    target.writeHead(401, { 'Content-Type': 'text/plain', 'X-Own': 'yes' }).end('by hand');
    return response;
  }

  @Authorized()
  @Get('/own-challenge')
  ownChallenge(@Res() response: App) {
    const target: ServerResponse = response.res ?? response;
    target.writeHead(401, { 'WWW-Authenticate': 'Basic realm="shop"' }).end('by hand');
    return response;
  }
}

const routerOf = (framework: Framework): App =>
  framework === 'Express 5' ? express.Router() : (express4 as unknown as typeof express).Router();

describe('the headers of a response', () => {
  const manager = managerOf();
  const headers = bearer(tokenOf(manager));

  onEachFramework((start) => {
    it('have a challenge where a handler answers 401 after its user was let in', async () => {
      const { client } = await start({ manager, controllers: [Routes] });
      for (const path of ['/late', '/written']) {
        const answer = await client.get(path).set(headers);
        expect([answer.status, answer.headers['www-authenticate']], path).to.deep.equal([401, 'Bearer realm="api"']);
      }
      expect((await client.get('/written').set(headers)).headers['x-own']).to.equal('yes');
    });

    it('have the challenge that a handler writes itself, and no other', async () => {
      const { client } = await start({ manager, controllers: [Routes] });
      const answer = await client.get('/own-challenge').set(headers);
      expect(answer.headers['www-authenticate']).to.equal('Basic realm="shop"');
    });
  });

  onBothExpresses((start, framework) => {
    it('leave by way of what the application itself has put there', async () => {
      const written: number[] = [];
      const before = (app: App) =>
        app.use((_request: App, response: App, next: () => void) => {
          const { writeHead } = response;
          response.writeHead = function (this: App, ...args: [number]) {
            written.push(args[0]);
            return writeHead.apply(this, args);
          };
          next();
        });
      const { client } = await start({ manager, controllers: [Routes], before });
      const answer = await client.get('/notes');
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="api"');
      await client.get('/notes').set(headers);
      expect(written).to.deep.equal([401, 200]);
    });

    it('leave once, by way of what was put there after the login too', async () => {
      const before = (app: App) => {
        manager.attachMiddleware(app);
        app.use((_request: App, response: App, next: () => void) => {
          const { writeHead } = response;
          response.writeHead = function (this: App, ...args: [number]) {
            this.appendHeader('X-Trace', 't');
            return writeHead.apply(this, args);
          };
          next();
        });
      };
      const { client } = await start({ manager, controllers: [Routes], before });
      for (const path of ['/notes', '/written', '/late']) {
        const answer = await client.get(path).set(path === '/notes' ? {} : headers);
        expect([answer.headers['x-trace'], answer.headers['www-authenticate']], path).to.deep.equal([
          't',
          'Bearer realm="api"',
        ]);
      }
    });

    for (const [name, mount] of Object.entries<(outer: App, inner: App) => void>({
      'a router': (outer, inner) => outer.use('/x', routerOf(framework).use(inner)),
      'a function': (outer, inner) =>
        outer.use('/x', (request: App, response: App, next: App) => inner(request, response, next)),
      'another application': (outer, inner) => {
        outer.use('/x', inner);
        createApp(framework).use('/y', inner);
      },
    })) {
      for (const redirects of [false, true]) {
        it(`are there where an application in ${name} refuses whom the outer one looked at${redirects ? ', with a redirect' : ''}`, async () => {
          const own = redirects ? managerOf({ notAuthenticatedException: redirectTo('/login') }) : manager;
          const [outer, inner] = [createApp(framework), createApp(framework)];
          own.attachMiddleware(outer);
          own.useExpressServer(inner, { controllers: [Routes], ...nothingElse, defaultErrorHandler: !redirects });
          mount(outer, inner);
          outer.use((error: App, _request: App, response: App, _next: App) => {
            if (!response.headersSent) response.status(error.status).json({ answered: 'outside' });
          });
          const { client } = await listen(outer);
          const answer = await client.get('/x/notes').redirects(0);
          if (redirects) expect([answer.status, answer.headers.location]).to.deep.equal([303, '/login']);
          else expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
          if (redirects) return;
          const late = await client.get('/x/late').set(headers);
          expect([late.status, late.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
        });
      }
    }

    it('are there where an application that was asked before is mounted, and once more', async () => {
      const inner = createApp(framework);
      manager.useExpressServer(inner, { controllers: [Routes], ...nothingElse, defaultErrorHandler: false });
      await (await listen(inner)).client.get('/notes').set(headers);
      for (let times = 0; times < 2; times += 1) {
        const outer = createApp(framework);
        outer.use('/x', inner);
        outer.use((error: App, _request: App, response: App, _next: App) => response.status(error.httpCode).end());
        const { client } = await listen(outer);
        for (const path of ['/x/notes', '/x/late', '/x/written']) {
          const answer = await client.get(path).set(path === '/x/notes' ? {} : headers);
          expect([answer.status, answer.headers['www-authenticate']], path).to.deep.equal([401, 'Bearer realm="api"']);
        }
      }
    });

    it('are there where a copy of the request, or what stands in for it, was refused', async () => {
      const redirecting = managerOf({ notAuthenticatedException: redirectTo('/login') });
      for (const made of [
        (request: App) => new Proxy(request, {}),
        (request: App) => Object.create(request),
        (request: App) => Object.create(Object.getPrototypeOf(request), Object.getOwnPropertyDescriptors(request)),
      ]) {
        const app = createApp(framework);
        app.get('/', (request: App, _response: App, next: (error: unknown) => void) => {
          redirecting.authenticate(made(request)).catch(next);
        });
        const { client } = await listen(app);
        const answer = await client.get('/').redirects(0);
        expect([answer.status, answer.headers.location]).to.deep.equal([303, '/login']);
      }
    });

    it('are those of other applications as ever', async () => {
      const { client } = await start({ manager, controllers: [Routes] });
      await client.get('/notes');
      const other = createApp(framework);
      other.get('/', (_request: App, response: App) => response.status(401).end());
      const answer = await (await listen(other)).client.get('/');
      expect(answer.headers).not.to.have.property('www-authenticate');
    });

    it('leave what Express and Node give all responses as it is', async () => {
      const { response } = (framework === 'Express 5' ? express : express4) as unknown as { response: object };
      const earlier = [Reflect.ownKeys(response), ServerResponse.prototype.writeHead];
      const { client } = await start({ manager, controllers: [Routes] });
      await client.get('/notes');
      expect([Reflect.ownKeys(response), ServerResponse.prototype.writeHead]).to.deep.equal(earlier);
    });
  });
});
