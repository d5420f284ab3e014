import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { createReadStream } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Authorized, Body, Get, JsonController, Post, Req, UploadedFile } from 'routing-controllers';
import { policy } from '../../src/authorization/policy';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { LoginManager, Public, UserLoader } from '../../src/index';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { rejection, thrownBy } from '../support/rejection';
import { type App, onEachSecureServer, onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { failures, MoodyStore } from '../support/stores';
import { until } from '../support/until';

const manager = managerOf({ context: true });
const other = managerOf({ context: true });

/** Code of the application that has neither the request nor the user. */
const whoAmI = (): string => manager.current().user.email;

/** What a function throws, or what it returns. */
const outcome = (call: () => unknown): string => {
  try {
    return String(call());
  } catch (error) {
    return (error as Error).message;
  }
};

/** The code of the error that a function throws, or nothing. */
const codeOf = (call: () => unknown): string => {
  try {
    call();
    return 'nothing';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const asked: string[] = [];
const isKnown = policy('isKnown', async (account: Account) => {
  await delay(1);
  asked.push(whoAmI());
  return account.email === whoAmI();
});

/** Ways to come back to code of the application. */
const ways: Record<string, () => Promise<string>> = {
  'at once': async () => whoAmI(),
  'after await': async () => {
    await delay(1);
    return whoAmI();
  },
  'in a timer': () => new Promise((resolve) => setTimeout(() => resolve(whoAmI()), 1)),
  'in setImmediate': () => new Promise((resolve) => setImmediate(() => resolve(whoAmI()))),
  'in nextTick': () => new Promise((resolve) => process.nextTick(() => resolve(whoAmI()))),
  'in a stream': () =>
    new Promise((resolve) =>
      createReadStream(__filename)
        .once('data', () => resolve(whoAmI()))
        .resume(),
    ),
  'in an iterated stream': async () => {
    for await (const _ of Readable.from(['a'])) return whoAmI();
    return 'nothing';
  },
  'in an event emitter': () =>
    new Promise((resolve) => {
      const emitter = new EventEmitter();
      emitter.once('done', () => resolve(whoAmI()));
      setTimeout(() => emitter.emit('done'), 1);
    }),
};

/** What a handler finds whose client does not wait. */
const patience: string[] = [];

/** What listeners of the end of a response find. */
const endings: string[] = [];

/** What a connection does that a handler has opened for a pool. */
let pooled = () => 'nothing';

@JsonController()
class Routes {
  @Authorized(isKnown)
  @Get('/policy')
  inPolicy() {
    return { me: whoAmI() };
  }

  @Authorized()
  @Get('/ways')
  async inWays() {
    const found: [string, string][] = [];
    for (const [name, way] of Object.entries(ways)) found.push([name, await way()]);
    return Object.fromEntries(found);
  }

  @Authorized()
  @Get('/slow')
  async slow() {
    const before = whoAmI();
    await delay(Math.random() * 5);
    return { before, after: whoAmI(), scopes: manager.current().scopes };
  }

  @Authorized()
  @Post('/body')
  async body(@Body() body: { a: number }) {
    return { me: whoAmI(), a: body.a };
  }

  @Authorized()
  @Post('/photos')
  upload(@UploadedFile('photo') photo: { originalname: string }) {
    return { me: whoAmI(), name: photo.originalname };
  }

  @Authorized()
  @Post('/stream')
  stream(@Req() received: IncomingMessage & { req?: IncomingMessage }) {
    const source = received.req ?? received;
    return new Promise((resolve) => {
      const seen = new Set<string>();
      source.on('data', () => seen.add(whoAmI()));
      source.on('end', () => resolve({ seen: [...seen.add(whoAmI())] }));
    });
  }

  @Authorized()
  @Get('/answers')
  answer(@Req() { res, ctx }: { res?: ServerResponse; ctx?: { res: ServerResponse } }) {
    (res ?? ctx?.res)?.once('finish', () => endings.push(outcome(whoAmI)));
    let left = 3;
    return new Readable({
      highWaterMark: 1,
      async read() {
        await delay(1);
        this.push(left-- > 0 ? `${outcome(whoAmI)} ` : null);
      },
    });
  }

  @Public()
  @Get('/anybody')
  anybody() {
    return { me: whoAmI() };
  }

  @Authorized()
  @Get('/other')
  ofOther() {
    return { said: outcome(() => other.current()) };
  }

  @Authorized()
  @Get('/opens')
  opens() {
    pooled = AsyncResource.bind(() => outcome(whoAmI));
    return {};
  }

  @Authorized()
  @Get('/patient')
  async patient(@Req() { res, ctx }: { res?: ServerResponse; ctx?: { res: ServerResponse } }) {
    patience.push('waiting');
    await new Promise((resolve) => (res ?? ctx?.res)?.once('close', resolve));
    await delay(5);
    patience.push(outcome(whoAmI));
    return {};
  }

  @Authorized()
  @Get('/job')
  async job() {
    const bob = { email: 'bob@example.com', admin: false };
    const inside = await manager.runAs(bob, async () => {
      await delay(1);
      return whoAmI();
    });
    return { inside, outside: whoAmI() };
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const controllers = [Routes];
const ada = bearer(tokenOf(manager, 'ada@example.com', ['notes']));
const bob = bearer(tokenOf(manager, 'bob@example.com', ['notes']));

describe('the option context', () => {
  silencingStderr();

  onEachServer((start, _framework, kind) => {
    // The checkers of routing-controllers' own servers are called beside the handler, so that they cannot enter for it.
    const before = kind === 'own' ? (app: App) => manager.attachMiddleware(app) : undefined;
    const serve = () => start({ manager, controllers, ...(before && { before }) });

    it('tells the user wherever the handler comes back', async () => {
      const { client } = await serve();
      const { body } = await client.get('/ways').set(ada);
      expect(body).to.deep.equal(Object.fromEntries(Object.keys(ways).map((name) => [name, 'ada@example.com'])));
    });

    it('tells the user in policies, and in the handler after them', async () => {
      const { client } = await serve();
      asked.length = 0;
      expect((await client.get('/policy').set(bob)).body).to.deep.equal({ me: 'bob@example.com' });
      expect(asked).to.deep.equal(['bob@example.com']);
    });

    it('tells the user after a body and after an upload were read', async () => {
      const { client } = await serve();
      const { body } = await client.post('/body').set(ada).send({ a: 1 });
      expect(body).to.deep.equal({ me: 'ada@example.com', a: 1 });
      const upload = await client.post('/photos').set(bob).attach('photo', Buffer.alloc(200_000), 'a.png');
      expect(upload.body).to.deep.equal({ me: 'bob@example.com', name: 'a.png' });
    });

    it('tells the user in the events of the request', async () => {
      const { client } = await serve();
      const call = client.post('/stream').set(ada).set('Content-Type', 'application/octet-stream');
      expect((await call.send(Buffer.alloc(300_000))).body).to.deep.equal({ seen: ['ada@example.com'] });
    });

    it('tells the user in a stream that is the answer, and at its end', async () => {
      const { client } = await serve();
      endings.length = 0;
      const { text, body } = await client.get('/answers').set(ada);
      expect(text ?? body.toString()).to.equal('ada@example.com '.repeat(3));
      await until(() => endings.length > 0);
      expect(endings).to.deep.equal(['ada@example.com']);
    });

    it('mixes no two requests that run at the same time', async () => {
      const { client } = await serve();
      const users = Array.from({ length: 30 }, (_, index) => (index % 2 ? 'ada' : 'bob'));
      const answers = await Promise.all(users.map((name) => client.get('/slow').set(name === 'ada' ? ada : bob)));
      expect(answers.map(({ body }) => body)).to.deep.equal(
        users.map((name) => ({ before: `${name}@example.com`, after: `${name}@example.com`, scopes: ['notes'] })),
      );
    });

    it('leaves nobody behind on a connection that is kept', async () => {
      const { url } = await serve();
      const client = new KeepAliveClient(url);
      const me = async (headers: object = {}) => {
        const { status, body } = await client.send({ path: '/anybody', headers: { ...headers } });
        return [status, JSON.parse(body).me ?? JSON.parse(body).code];
      };
      expect(await me(ada)).to.deep.equal([200, 'ada@example.com']);
      expect(await me()).to.deep.equal([401, 'token_missing']);
      expect(await me(bob)).to.deep.equal([200, 'bob@example.com']);
      expect(await me({ Authorization: 'Bearer x' })).to.deep.equal([401, 'token_invalid']);
      expect(client.connections).to.equal(1);
      client.close();
    });

    it('refuses who is not logged in as authenticate() does', async () => {
      const { client } = await serve();
      const { status, body, headers } = await client.get('/anybody');
      expect([status, body.code]).to.deep.equal([401, 'token_missing']);
      expect(headers['www-authenticate']).to.equal('Bearer realm="api"');
    });

    it('ends with its request, for what a handler has opened for others', async () => {
      const { client } = await serve();
      await client.get('/opens').set(ada);
      await until(() => pooled() !== 'ada@example.com');
      expect(pooled()).to.contain('after the end of its request');
    });

    it('gives way to runAs, and is back afterwards', async () => {
      const { client } = await serve();
      const { body } = await client.get('/job').set(ada);
      expect(body).to.deep.equal({ inside: 'bob@example.com', outside: 'ada@example.com' });
    });

    it('is of one manager alone', async () => {
      const { client } = await serve();
      expect((await client.get('/other').set(ada)).body.said).to.contain('outside a request');
    });
  });

  onEachSecureServer((start, framework) => {
    it('lasts until the handler has returned, if the client has gone before', async () => {
      const { url } = await start({ manager, controllers });
      patience.length = 0;
      const sent = request(`${url}/patient`, { headers: ada });
      sent.on('error', () => undefined).end();
      await until(() => patience.length === 1);
      sent.destroy();
      await until(() => patience.length === 2);
      expect(patience).to.deep.equal(['waiting', 'ada@example.com']);
    });

    it('tells the user in what a guard lets through', async () => {
      const answer = (_request: App, response: App) => {
        if (framework === 'Koa') _request.body = { me: whoAmI() };
        else response.json({ me: whoAmI() });
      };
      const { client } = await start({
        manager,
        controllers: [],
        before: (app) => {
          app.use(manager.guard());
          app.use(answer);
        },
      });
      expect((await client.get('/').set(bob)).body).to.deep.equal({ me: 'bob@example.com' });
    });

    it('keeps no user of a request that has ended, though a connection keeps the place where it was', async () => {
      const users: WeakRef<Account>[] = [];
      class Loading {
        @UserLoader()
        find(email: string) {
          const account = { email, admin: false };
          users.push(new WeakRef(account));
          return account;
        }
      }
      const forgetful = new LoginManager<Account>(SECRET, '/login', { userLoader: Loading, context: true });
      const kept: (() => string)[] = [];
      const before = (app: App) => {
        app.use(forgetful.guard());
        app.use((first: App, second: App) => {
          kept.push(AsyncResource.bind(() => outcome(() => forgetful.current())));
          if (framework === 'Koa') first.body = {};
          else second.json({});
        });
      };
      const { client } = await start({ manager: forgetful, controllers: [], before });
      await client.get('/').set(ada);
      await until(() => kept[0]?.().includes('after the end of its request') === true);
      await delay(1); // a WeakRef holds on to its target until the turn in which it was made is over
      collectGarbage();
      expect(users).to.have.length(1);
      expect(users[0]?.deref()).to.equal(undefined);
    });

    it('says why a request could not be authenticated, as authenticate() does', async () => {
      const store = new MoodyStore();
      const stored = managerOf({ context: true, sessionStore: store });
      const answer = () => ({ said: codeOf(() => stored.current()) });
      const before = (app: App) => {
        stored.attachMiddleware(app);
        app.use((first: App, second: App) => {
          if (framework === 'Koa') first.body = answer();
          else second.json(answer());
        });
      };
      const { client } = await start({ manager: stored, controllers: [], before });
      store.mood = failures.rejects;
      const headers = bearer(tokenOf(stored));
      expect((await client.get('/').set(headers)).body.said).to.equal('service_unavailable');
      store.mood = undefined;
      expect((await client.get('/').set(headers)).body.said).to.equal('nothing');
      expect((await client.get('/')).body.said).to.equal('token_missing');
    });

    it('is not there yet while the user is loaded', async () => {
      const said: string[] = [];
      class Loading {
        @UserLoader()
        find(email: string) {
          said.push(outcome(() => early.current()));
          return { email, admin: false };
        }
      }
      const early = new LoginManager<Account>(SECRET, '/login', { userLoader: Loading, context: true });
      const { client } = await start({ manager: early, controllers });
      await client.get('/opens').set(ada);
      expect(said).to.have.length(1);
      expect(said[0]).to.contain('before its request is authenticated');
    });
  });

  it('is an error outside a request, and without the option', () => {
    expect(thrownBy(() => manager.current())).to.be.instanceOf(ConfigurationError);
    expect(thrownBy(() => managerOf().current())).to.be.instanceOf(ConfigurationError);
    expect(thrownBy(() => managerOf().runAs({ email: '', admin: false }, () => 1))).to.be.instanceOf(
      ConfigurationError,
    );
  });
});

describe('runAs', () => {
  const account = { email: 'eve@example.com', admin: false };

  it('runs a function as a user, and returns what it returns', async () => {
    expect(manager.runAs(account, whoAmI)).to.equal('eve@example.com');
    expect(await manager.runAs(account, async () => delay(1, whoAmI()))).to.equal('eve@example.com');
    expect(outcome(whoAmI)).to.contain('outside a request');
  });

  it('gives neither a token nor scopes', () => {
    expect(manager.runAs(account, () => manager.current())).to.deep.equal({
      user: account,
      token: '',
      payload: {},
      scopes: [],
    });
  });

  it('passes on what the function throws', async () => {
    const fail = () => {
      throw new NotAuthenticatedError('no');
    };
    expect(thrownBy(() => manager.runAs(account, fail)).message).to.equal('no');
    expect((await rejection(manager.runAs(account, async () => fail()))).message).to.equal('no');
  });

  it('nests', () => {
    const inner = { ...account, email: 'mallory@example.com' };
    expect(manager.runAs(account, () => [manager.runAs(inner, whoAmI), whoAmI()])).to.deep.equal([
      'mallory@example.com',
      'eve@example.com',
    ]);
  });

  for (const [name, call] of [
    ['nobody', () => manager.runAs(null as never, whoAmI)],
    ['a promise of a user', () => manager.runAs(Promise.resolve(account) as never, whoAmI)],
    ['no function', () => manager.runAs(account, undefined as never)],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(call).to.throw(ConfigurationError);
    });
  }
});
