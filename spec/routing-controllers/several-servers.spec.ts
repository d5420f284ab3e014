import { expect } from 'chai';
import {
  Authorized,
  Body,
  CurrentUser,
  ExpressDriver,
  Get,
  getMetadataArgsStorage,
  HttpCode,
  JsonController,
  KoaDriver,
  Param,
  Post,
  UseBefore,
  UseInterceptor,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { Journal } from '../support/journal';
import { type App, closeServers, createApp, type Framework, listen, nothingElse } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const journal = new Journal();

class Base {
  @Authorized('read')
  @UseBefore(journal.middleware('base middleware'))
  @UseInterceptor(journal.interceptor('base interceptor'))
  @HttpCode(203)
  @Get()
  list() {
    return [];
  }

  @Authorized()
  @Post('/:id')
  create(@Param('id') id: string, @Body() body: object) {
    return { id: id ?? null, body: body ?? null };
  }
}

@UseBefore(journal.middleware('own middleware'))
@UseInterceptor(journal.interceptor('own interceptor'))
@JsonController('/notes')
class Notes extends Base {
  @Authorized('own')
  @Get('/own')
  own(@CurrentUser() account: Account) {
    return { of: account.email };
  }
}

@JsonController('/others')
class Others extends Base {}

@JsonController('/opened')
class Open {
  @Get()
  open() {
    return {};
  }
}

/** Serves the same classes by routing-controllers alone, with a checker that knows one token. */
function servePlainly(app: App, framework: Framework, controllers: App[] = [Notes]): App {
  const options = {
    ...nothingElse,
    controllers,
    authorizationChecker: ({ request }: App) => request.headers.authorization === 'plain',
    currentUserChecker: () => ({ email: 'plain' }),
  };
  return framework === 'Koa' ? useKoaServer(app, options) : useExpressServer(app, options);
}

function serveSecurely(app: App, framework: Framework, manager: LoginManager<Account>, options: object = {}): App {
  const all = { ...nothingElse, controllers: [Notes], ...options };
  return framework === 'Koa' ? manager.useKoaServer(app, all) : manager.useExpressServer(app, all);
}

/** Every property of an object and of what it is made of, and the value of each. */
function snapshot(prototype: object): Map<string | symbol, PropertyDescriptor> {
  const all = new Map<string | symbol, PropertyDescriptor>();
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      all.set(`${at.constructor.name} ${String(key)}`, Object.getOwnPropertyDescriptor(at, key) as PropertyDescriptor);
    }
  }
  return all;
}

/** Each entry of each list of the metadata, and a copy of what it said. */
function metadata(): [object, object][] {
  return Object.values(getMetadataArgsStorage()).flatMap((list: object[]) =>
    list.map((entry) => [entry, { ...entry }] as [object, object]),
  );
}

const frameworks = ['Express 5', 'Express 4', 'Koa'] as const;

describe('several servers in one process', () => {
  silencingStderr();
  afterEach(closeServers);

  const manager = managerOf();
  const headers = bearer(tokenOf(manager, 'ada@example.com', ['read', 'own']));

  for (const framework of frameworks) {
    describe(`on ${framework}`, () => {
      const plain = async () => {
        const { client } = await listen(servePlainly(createApp(framework), framework));
        const call = async (path: string, authorization = '') => {
          journal.take();
          const { status, body } = await client.get(path).set('Authorization', authorization);
          return [status, body, journal.take()];
        };
        return [await call('/notes'), (await call('/notes/own'))[0], await call('/notes/own', 'plain')];
      };
      const asEver = [
        [200, [], ['own middleware', 'own interceptor']],
        403,
        [200, { of: 'plain' }, ['own middleware', 'own interceptor']],
      ];

      const secure = async () => {
        const { client } = await listen(serveSecurely(createApp(framework), framework, manager));
        journal.take();
        const { status } = await client.get('/notes').set(headers);
        return [(await client.get('/notes')).status, status, journal.take()];
      };
      const asWritten = [401, 203, ['own middleware', 'base middleware', 'own interceptor', 'base interceptor']];

      it('a plain server of the same classes is as ever, before a secure one and after', async () => {
        expect(await plain()).to.deep.equal(asEver);
        expect(await secure()).to.deep.equal(asWritten);
        expect(await plain()).to.deep.equal(asEver);
      });

      it('a secure server of the same classes is the same, before a plain one and after', async () => {
        expect(await secure()).to.deep.equal(asWritten);
        expect(await plain()).to.deep.equal(asEver);
        expect(await secure()).to.deep.equal(asWritten);
      });

      it('a plain server that was there before is as ever once a secure one is made', async () => {
        const { client } = await listen(servePlainly(createApp(framework), framework));
        serveSecurely(createApp(framework), framework, manager);
        expect((await client.get('/notes')).status).to.equal(200);
        expect((await client.get('/notes/own')).status).to.equal(403);
      });

      it('two managers each know their own tokens', async () => {
        const other = new LoginManager<Account>(`another ${'secret '.repeat(8)}`, '/login');
        other.userLoader()((email: string) => ({ email, admin: false }));
        const one = await listen(serveSecurely(createApp(framework), framework, manager));
        const two = await listen(serveSecurely(createApp(framework), framework, other));
        const otherHeaders = bearer(tokenOf(other, 'eve@example.com', ['own']));
        expect((await one.client.get('/notes/own').set(headers)).body).to.deep.equal({ of: 'ada@example.com' });
        expect((await two.client.get('/notes/own').set(otherHeaders)).body).to.deep.equal({ of: 'eve@example.com' });
        expect((await one.client.get('/notes/own').set(otherHeaders)).status).to.equal(401);
        expect((await two.client.get('/notes/own').set(headers)).status).to.equal(401);
      });

      it('two managers may decide differently about the same classes', async () => {
        const closed = managerOf({ defaultAccess: 'authenticated' });
        const routes = { controllers: [Open] };
        const one = await listen(serveSecurely(createApp(framework), framework, manager, routes));
        const two = await listen(serveSecurely(createApp(framework), framework, closed, routes));
        expect((await one.client.get('/opened')).status).to.equal(200);
        expect((await two.client.get('/opened')).status).to.equal(401);
        expect((await one.client.get('/opened')).status).to.equal(200);
      });

      it('two managers serve one application, each its own routes', async () => {
        const closed = managerOf({ defaultAccess: 'authenticated', useCookie: true });
        const app = createApp(framework);
        serveSecurely(app, framework, manager, { controllers: [Open], routePrefix: '/one' });
        serveSecurely(app, framework, closed, { controllers: [Open, Others], routePrefix: '/two' });
        const { client } = await listen(app);
        expect((await client.get('/one/opened')).status).to.equal(200);
        expect((await client.get('/two/opened')).status).to.equal(401);
        const created = await client.post('/two/others/7').set(headers).send({ text: 'hello' });
        expect(created.body).to.deep.equal({ id: '7', body: { text: 'hello' } });
      });

      it('the first of two on one application does not read the bodies of the second', async () => {
        const app = createApp(framework);
        serveSecurely(app, framework, manager, { controllers: [Open], routePrefix: '/one' });
        serveSecurely(app, framework, manager, { controllers: [Others], routePrefix: '/two' });
        const { client } = await listen(app);
        expect((await client.post('/two/others/7').type('json').send('{bad')).status).to.equal(401);
      });

      it('a plain server on the application of a secure one serves its own routes', async () => {
        const app = createApp(framework);
        serveSecurely(app, framework, manager);
        servePlainly(app, framework, [Others]);
        const { client } = await listen(app);
        expect((await client.get('/notes')).status).to.equal(401);
        expect((await client.post('/others/7')).body).to.deep.equal({ id: null, body: null });
      });

      it('none changes the metadata that all share', async () => {
        const earlier = metadata();
        await secure();
        manager.routes({ controllers: [Notes, Others], ...nothingElse });
        const later = metadata();
        expect(later.length).to.equal(earlier.length);
        for (const [index, [entry, said]] of later.entries()) {
          expect(entry).to.equal(earlier[index]?.[0]);
          expect(said).to.deep.equal(earlier[index]?.[1]);
        }
      });

      it("none changes the prototypes of routing-controllers' drivers", async () => {
        const earlier = [ExpressDriver, KoaDriver].map(({ prototype }) => snapshot(prototype));
        expect(earlier[0]?.size).to.be.greaterThan(10);
        await secure();
        expect([ExpressDriver, KoaDriver].map(({ prototype }) => snapshot(prototype))).to.deep.equal(earlier);
      });

      it('none changes the classes themselves', async () => {
        const earlier = [snapshot(Notes.prototype), Reflect.ownKeys(Notes), Reflect.ownKeys(Base)];
        await secure();
        expect([snapshot(Notes.prototype), Reflect.ownKeys(Notes), Reflect.ownKeys(Base)]).to.deep.equal(earlier);
      });
    });
  }
});
