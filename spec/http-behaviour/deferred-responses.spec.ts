import { expect } from 'chai';
import compression from 'compression';
import express from 'express';
import session from 'express-session';
import {
  Authorized,
  BadRequestError,
  CurrentUser,
  Get,
  HttpError,
  JsonController,
  NotFoundError,
  useExpressServer,
} from 'routing-controllers';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { type App, createApp, type Framework, listen, nothingElse, registerSecurely } from '../support/servers';
import { capturingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const manager = managerOf();
const nobody = () => false;

@JsonController()
class Routes {
  @Authorized()
  @Get('/login')
  login() {
    return {};
  }

  @Authorized('notes:write')
  @Get('/scope')
  scope() {
    return {};
  }

  @Authorized(nobody)
  @Get('/policy')
  policy() {
    return {};
  }

  @Get('/user')
  user(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Get('/missing')
  missing() {
    throw new NotFoundError('no such note');
  }

  @Get('/nothing')
  nothing() {
    return undefined;
  }

  @Get('/rejected')
  async rejected() {
    throw new BadRequestError('no');
  }

  @Get('/teapot')
  teapot() {
    throw new HttpError(418, 'short and stout');
  }

  @Get('/gateway')
  gateway() {
    throw new HttpError(502, 'the gateway is away');
  }

  @Get('/bug')
  bug() {
    throw new TypeError('the printer is on fire');
  }
}

/** A store as those that are asked over the network: it answers in a later turn of the event loop. */
class SlowStore extends session.Store {
  private readonly sessions = new Map<string, string>();

  override get(id: string, callback: (error: unknown, found?: session.SessionData | null) => void): void {
    const found = this.sessions.get(id);
    setImmediate(() => callback(null, found === undefined ? null : JSON.parse(found)));
  }

  override set(id: string, data: session.SessionData, callback?: (error?: unknown) => void): void {
    this.sessions.set(id, JSON.stringify(data));
    setImmediate(() => setImmediate(() => callback?.()));
  }

  override destroy(id: string, callback?: (error?: unknown) => void): void {
    this.sessions.delete(id);
    setImmediate(() => callback?.());
  }
}

/** Ends the response, its head included, in a later turn of the event loop. */
function endLater(_request: App, response: App, next: () => void): void {
  const { end } = response;
  response.end = (...args: unknown[]) => {
    setImmediate(() => setImmediate(() => end.apply(response, args)));
    return response;
  };
  next();
}

/** Writes the head at once and the rest of the response later. */
function endAfterHead(_request: App, response: App, next: () => void): void {
  const { end } = response;
  response.end = (...args: unknown[]) => {
    response.writeHead(response.statusCode);
    setImmediate(() => end.apply(response, args));
    return response;
  };
  next();
}

/** Keeps what the head is written with until the response ends, as a middleware does that wants to change it. */
function writeHeadLater(_request: App, response: App, next: () => void): void {
  const { writeHead, end } = response;
  let head: unknown[] | undefined;
  response.writeHead = (...args: unknown[]) => {
    head = args;
    return response;
  };
  response.end = (...args: unknown[]) => {
    response.writeHead(response.statusCode);
    setImmediate(() => {
      response.writeHead = writeHead;
      response.writeHead(...(head as unknown[]));
      end.apply(response, args);
    });
    return response;
  };
  next();
}

const sessions = () =>
  session({ secret: 'a secret of the session', resave: true, saveUninitialized: true, store: new SlowStore() });

const deferring: Record<string, (app: App) => void> = {
  'express-session with an asynchronous store': (app) => app.use(sessions()),
  'compression of every answer': (app) => app.use(compression({ threshold: 0 })),
  'sessions and compression': (app) => app.use(compression({ threshold: 0 }), sessions()),
  'a middleware that ends the response later': (app) => app.use(endLater),
  'a middleware that ends the response after its head': (app) => app.use(endAfterHead),
  'a middleware that writes the head later': (app) => app.use(writeHeadLater),
};

const controllers = [Routes];

const servers: Record<string, (app: App) => void> = {
  'lm.useExpressServer': (app) => registerSecurely(app, { manager, controllers }),
  'lm.protect': (app) => useExpressServer(app, manager.protect({ controllers, ...nothingElse })),
  'lm.checker': (app) => {
    const { checker: authorizationChecker, currentUserChecker } = manager;
    useExpressServer(app, { controllers, ...nothingElse, authorizationChecker, currentUserChecker });
  },
};

/** Ways to have the routes in an application that another one listens for. */
const mounts: Record<string, (outer: App, framework: Framework) => void> = {
  'an application that is mounted': (outer, framework) => {
    outer.use(
      '/inner',
      createServer(
        framework,
        () => undefined,
        (inner) => registerSecurely(inner, { manager, controllers }),
      ),
    );
  },
  'a router': (outer) => {
    const router = express.Router();
    registerSecurely(router, { manager, controllers });
    outer.use('/inner', router);
  },
  'an application that is mounted in a router': (outer, framework) => {
    const inner = createServer(
      framework,
      () => undefined,
      (app) => registerSecurely(app, { manager, controllers }),
    );
    outer.use('/inner', express.Router().use(inner));
  },
};

interface Observation {
  statuses: number[];
  bodies: number;
  connections: number;
  stderr: string;
}

/** Sends requests one after the other over one connection, which is opened again if it is lost. */
async function observe(app: App, paths: readonly string[], times: number): Promise<Observation> {
  const { url } = await listen(app);
  const client = new KeepAliveClient(url);
  const headers = { ...bearer(tokenOf(manager, 'ada@example.com', [])), 'Accept-Encoding': 'identity' };
  const statuses = new Set<number>();
  const bodies = new Set<string>();
  const stderr = await capturingStderr(async () => {
    for (let sent = 0; sent < times; sent += 1) {
      const path = paths[sent % paths.length] as string;
      const needsToken = path === '/scope' || path === '/policy';
      const { status, body } = await client.send({ path, ...(needsToken && { headers }) });
      JSON.parse(body);
      statuses.add(status);
      bodies.add(body);
    }
  });
  client.close();
  return { statuses: [...statuses], bodies: bodies.size, connections: client.connections, stderr };
}

function createServer(framework: Framework, middleware: (app: App) => void, serve: (app: App) => void): App {
  const app = createApp(framework);
  middleware(app);
  serve(app);
  return app;
}

for (const framework of ['Express 5', 'Express 4'] as const) {
  describe(`a response that is finished later, on ${framework}`, () => {
    for (const [middleware, use] of Object.entries(deferring)) {
      for (const [server, serve] of Object.entries(servers)) {
        it(`leaves the connection of 300 refusals open: ${middleware}, ${server}`, async () => {
          const app = createServer(framework, use, serve);
          const seen = await observe(app, ['/login', '/scope', '/policy', '/user'], 300);
          expect(seen).to.deep.equal({ statuses: [401, 403], bodies: 3, connections: 1, stderr: '' });
        });
      }

      for (const [place, mount] of Object.entries(mounts)) {
        it(`leaves the connection open where it belongs to an outer application: ${middleware}, ${place}`, async () => {
          const app = createServer(framework, use, (outer) => mount(outer, framework));
          const paths = ['/inner/login', '/inner/user', '/inner/missing'];
          const seen = await observe(app, paths, 60);
          expect(seen).to.deep.equal({ statuses: [401, 404], bodies: 2, connections: 1, stderr: '' });
        });
      }

      it(`leaves the connection open where the application passes refusals to itself: ${middleware}`, async () => {
        const app = createServer(framework, use, (target) =>
          registerSecurely(target, { manager, controllers, defaultErrorHandler: false }),
        );
        const seen = await observe(app, ['/login', '/scope', '/policy', '/user'], 40);
        expect(seen).to.deep.equal({ statuses: [401, 403], bodies: 3, connections: 1, stderr: '' });
      });
    }
  });

  describe(`an error of the application that the default error handler answers, on the manager's ${framework} server`, () => {
    const serve = servers['lm.useExpressServer'] as (app: App) => void;
    const middlewares = { 'no other middleware': () => undefined, ...deferring };

    for (const [middleware, use] of Object.entries(middlewares)) {
      it(`leaves the connection open and prints nothing if it is a client's: ${middleware}`, async () => {
        const app = createServer(framework, use, serve);
        const seen = await observe(app, ['/missing', '/nothing', '/rejected', '/teapot'], 100);
        expect(seen).to.include({ connections: 1, stderr: '' });
        expect(seen.statuses).to.have.members([404, 400, 418]);
      });

      it(`leaves the connection open and is printed if it is the server's: ${middleware}`, async () => {
        const app = createServer(framework, use, serve);
        const seen = await observe(app, ['/gateway', '/bug'], 20);
        expect(seen.connections).to.equal(1);
        expect(seen.statuses).to.have.members([502, 500]);
        expect(seen.stderr.match(/^TypeError: the printer is on fire\n {4}at /gm)).to.have.length(10);
        expect(seen.stderr.match(/at Routes.gateway/g)).to.have.length(10);
      });
    }

    it('is printed nowhere in the environment "test", as by Express', async () => {
      const app = createServer(framework, (target) => target.set('env', 'test'), serve);
      expect((await observe(app, ['/bug'], 2)).stderr).to.equal('');
    });

    it('is heard of by the error middleware of the application', async () => {
      const heard: string[] = [];
      const app = createServer(framework, () => undefined, serve);
      app.use((error: Error, _request: App, _response: App, next: (error: unknown) => void) => {
        heard.push(error.message);
        next(error);
      });
      const seen = await observe(app, ['/missing'], 2);
      expect(heard).to.deep.equal(['no such note', 'no such note']);
      expect(seen).to.include({ connections: 1, stderr: '' });
    });

    it('leaves the connection open if an error middleware fails in turn, and prints that failure', async () => {
      const app = createServer(framework, () => undefined, serve);
      app.use((_error: Error, _request: App, _response: App, _next: unknown) => {
        throw new RangeError('the log is full');
      });
      const seen = await observe(app, ['/missing'], 2);
      expect(seen).to.include({ connections: 1 });
      expect(seen.stderr).to.contain('RangeError: the log is full');
    });
  });
}
