import { expect } from 'chai';
import {
  type Action,
  Get,
  getMetadataArgsStorage,
  Interceptor,
  type InterceptorInterface,
  JsonController,
  Middleware,
  QueryParam,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { managerOf } from '../support/accounts';
import { Journal } from '../support/journal';
import { type App, createApp, type Framework, frameworks, listen } from '../support/servers';
import '../support/quiet-lost-guards';

const journal = new Journal();

/** Loaded, and in no list. */
@JsonController('/stray')
class Stray {
  @Get()
  read(@QueryParam('text') text: string) {
    return { text };
  }
}

@JsonController('/listed')
class Listed {
  @Get()
  read(@QueryParam('text') text: string) {
    return { text };
  }
}

@Middleware({ type: 'before' })
class StrayMiddleware {
  use(...args: App[]): unknown {
    journal.note('middleware');
    return args.at(-1)();
  }
}

@Interceptor()
class StrayInterceptor implements InterceptorInterface {
  intercept(_action: Action, result: unknown) {
    journal.note('interceptor');
    return result;
  }
}

const manager = managerOf();
const lists = { middlewares: [], interceptors: [] };

const servers: Record<string, (app: App, framework: Framework, options: object) => void> = {
  "the manager's server": (app, framework, options) => {
    if (framework === 'Koa') manager.useKoaServer(app, options);
    else manager.useExpressServer(app, options);
  },
  "routing-controllers' own server with lm.protect()": (app, framework, options) => {
    if (framework === 'Koa') useKoaServer(app, manager.protect(options));
    else useExpressServer(app, manager.protect(options));
  },
};

/** What all servers of the process share. */
const storage = () => JSON.stringify(Object.values(getMetadataArgsStorage()));

/** Other specs of the process have loaded classes too, broken ones among them. */
function withTheseClassesOnly(call: () => void): void {
  const all = getMetadataArgsStorage();
  const { controllers, middlewares, interceptors } = all;
  const isOurs = ({ target }: { target: unknown }) =>
    [Stray, Listed, StrayMiddleware, StrayInterceptor].includes(target as typeof Stray);
  Object.assign(all, {
    controllers: controllers.filter(isOurs),
    middlewares: middlewares.filter(isOurs),
    interceptors: interceptors.filter(isOurs),
  });
  try {
    call();
  } finally {
    Object.assign(all, { controllers, middlewares, interceptors });
  }
}

describe('an empty list of a server means none of the classes that are loaded:', () => {
  it('is tried with classes that would be there otherwise', () => {
    const { controllers, middlewares, interceptors } = getMetadataArgsStorage();
    expect(controllers.map(({ target }) => target)).to.include.members([Stray, Listed]);
    expect(middlewares.map(({ target }) => target)).to.include(StrayMiddleware);
    expect(interceptors.map(({ target }) => target)).to.include(StrayInterceptor);
  });

  for (const framework of frameworks) {
    for (const [name, serve] of Object.entries(servers)) {
      it(`no controller, on ${framework}, ${name}`, async () => {
        const app = createApp(framework);
        serve(app, framework, { controllers: [], ...lists });
        const { client } = await listen(app);
        expect((await client.get('/stray')).status).to.equal(404);
        expect((await client.get('/listed')).status).to.equal(404);
      });

      it(`no middleware and no interceptor, on ${framework}, ${name}`, async () => {
        const app = createApp(framework);
        serve(app, framework, { controllers: [Listed], ...lists });
        const { client } = await listen(app);
        journal.take();
        expect((await client.get('/listed?text=a')).body).to.deep.equal({ text: 'a' });
        expect(journal.take()).to.deep.equal([]);
      });

      it(`all of them where the lists are left out, on ${framework}, ${name}`, async () => {
        const app = createApp(framework);
        withTheseClassesOnly(() => serve(app, framework, {}));
        const { client } = await listen(app);
        journal.take();
        expect((await client.get('/stray?text=a')).status).to.equal(200);
        expect(journal.take()).to.deep.equal(['middleware', 'interceptor']);
      });
    }
  }
});

describe('lm.routes() and lm.protect()', () => {
  const options = Object.freeze({
    controllers: Object.freeze([Listed]) as never,
    defaults: Object.freeze({ paramOptions: Object.freeze({ required: true }), nullResultCode: 410 }),
    validation: Object.freeze({ whitelist: true }),
    ...lists,
  });

  for (const name of ['routes', 'protect'] as const) {
    it(`change nothing that servers share: ${name}()`, () => {
      const before = storage();
      manager[name](options);
      expect(storage()).to.equal(before);
    });
  }

  it('list no route of an empty list', () => {
    expect(manager.routes({ controllers: [] })).to.deep.equal([]);
  });
});
