import { expect } from 'chai';
import { Get, JsonController, UseBefore } from 'routing-controllers';
import { managerOf } from '../support/accounts';
import type { App } from '../support/servers';
import { onEachServer } from '../support/servers';
import '../support/quiet-lost-guards';

const leave = (how?: string) => (_request: App, _response: App, next: (how?: string) => void) => next(how);

@JsonController('/left')
class Left {
  @UseBefore(leave('route'))
  @Get('/route')
  route() {}

  @UseBefore(leave('router'))
  @Get('/router')
  router() {}
}

@JsonController('/later')
class Later {
  @Get()
  get() {
    return { by: 'a controller' };
  }
}

const by = (what: string) => (request: App, response: App) => {
  response.json({ by: what, base: request.baseUrl, url: request.url, route: request.route?.path });
};

describe('routes of the application around the controllers', () => {
  onEachServer(
    (start) => {
      const manager = managerOf();
      const controllers = [Left, Later];

      const answerTo = async (path: string) => {
        const { client } = await start({
          manager,
          controllers,
          before: (app) => app.get('/left/early', by('an earlier route')),
          after: (app) => {
            app.get('/left/late', by('a later route'));
            app.get('/left/:how', by('the application'));
          },
        });
        const { status, body } = await client.get(path);
        return { status, body };
      };

      const answered = (what: string, url: string, route: string) => ({
        status: 200,
        body: { by: what, base: '', url, route },
      });

      it('come before them', async () => {
        expect(await answerTo('/left/early')).to.deep.equal(answered('an earlier route', '/left/early', '/left/early'));
      });

      it('come behind them', async () => {
        expect(await answerTo('/left/late?a')).to.deep.equal(answered('a later route', '/left/late?a', '/left/late'));
      });

      it("get a request that a route leaves by next('route')", async () => {
        expect(await answerTo('/left/route')).to.deep.equal(answered('the application', '/left/route', '/left/:how'));
      });

      it("get none that leaves the router by next('router')", async () => {
        expect((await answerTo('/left/router')).status).to.equal(404);
      });
    },
    ['Express 5', 'Express 4'],
  );

  it('may be kept in another way than by Express', () => {
    const registered: unknown[] = [];
    const app = Object.assign(() => {}, { use() {}, get: (path: unknown) => registered.push(path) });
    managerOf().useExpressServer(app, { controllers: [Later], middlewares: [], interceptors: [] });
    expect(registered).to.deep.equal(['/later']);
  });

  onEachServer(
    (start) => {
      it('may be added to the router that serves the controllers, while it serves', async () => {
        const { client } = await start({
          manager: managerOf(),
          controllers: [Later],
          after: (app) =>
            app.use((context: App, next: () => unknown) => {
              context.router.get('/added', (other: App) => {
                other.body = { by: 'an added route' };
              });
              return next();
            }),
        });
        expect((await client.get('/added')).status).to.equal(404);
        expect((await client.get('/added')).body).to.deep.equal({ by: 'an added route' });
        expect((await client.get('/later')).body).to.deep.equal({ by: 'a controller' });
      });
    },
    ['Koa'],
  );
});
