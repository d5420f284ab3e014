import { expect } from 'chai';
import {
  type Action,
  Authorized,
  createParamDecorator,
  Get,
  JsonController,
  Post,
  UseBefore,
} from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { LoginManager } from '../../src/manager/login-manager';
import { managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type App, type Framework, onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const User = () =>
  createParamDecorator({
    value: ({ request, context }: Action) => ({ user: request.user, ...(context && { inState: context.state.user }) }),
  });

const passes = (...args: App[]) => args.at(-1)();

@JsonController()
class Routes {
  @Get('/open')
  open(@User() user: object) {
    return user;
  }

  @UseBefore(passes)
  @Get('/with-middleware')
  withMiddleware(@User() user: object) {
    return user;
  }

  @Public()
  @Get('/public')
  public(@User() user: object) {
    return user;
  }

  @Authorized()
  @Get('/guarded')
  guarded(@User() user: object) {
    return user;
  }
}

const controllers = [Routes];
const openPaths = ['/open', '/with-middleware', '/public'];
const ADA = { email: 'ada@example.com', admin: true };
const PASSPORT = { passport: true };

/** As passport sets its user: on both objects of Koa. */
const passport = (framework: Framework) => (app: App) =>
  app.use((request: App, response: App, next: App) => {
    if (framework === 'Koa') request.request.user = request.state.user = PASSPORT;
    else request.user = PASSPORT;
    return framework === 'Koa' ? response() : next();
  });

describe("request.user on the manager's servers", () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    const both = (user: unknown) => (framework === 'Koa' ? { user, inState: user } : { user });

    for (const path of openPaths) {
      it(`is the user, or null, on ${path}`, async () => {
        const manager = managerOf();
        const { client } = await start({ manager, controllers });
        expect((await client.get(path).set(bearer(tokenOf(manager)))).body).to.deep.equal(both(ADA));
        expect((await client.get(path)).body).to.deep.equal(both(null));
        expect((await client.get(path).set(bearer('garbage'))).body).to.deep.equal(both(null));
      });

      it(`keeps the user of another library where nobody is logged in, on ${path}`, async () => {
        const manager = managerOf();
        const { client } = await start({ manager, controllers, before: passport(framework) });
        expect((await client.get(path)).body).to.deep.equal(both(PASSPORT));
        expect((await client.get(path).set(bearer('garbage'))).body).to.deep.equal(both(PASSPORT));
      });

      it(`is the user of the token rather than another library's, on ${path}`, async () => {
        const manager = managerOf();
        const { client } = await start({ manager, controllers, before: passport(framework) });
        expect((await client.get(path).set(bearer(tokenOf(manager)))).body).to.deep.equal(both(ADA));
      });
    }

    it("is null for a manager without a loader, and another library's user stays", async () => {
      const open = { manager: new LoginManager(SECRET, '/login'), controllers: [Open] };
      expect((await (await start(open)).client.get('/open')).body).to.deep.equal(both(null));
      const { client } = await start({ ...open, before: passport(framework) });
      expect((await client.get('/open')).body).to.deep.equal(both(PASSPORT));
    });

    it('is the user of the token on a guarded route, whatever another library says', async () => {
      const manager = managerOf();
      const { client } = await start({ manager, controllers, before: passport(framework) });
      expect((await client.get('/guarded').set(bearer(tokenOf(manager)))).body).to.deep.equal(both(ADA));
      expect((await client.get('/guarded')).status).to.equal(401);
    });

    it('of attachMiddleware keeps the user of another library, too', async () => {
      const manager = managerOf();
      const before = (app: App) => {
        passport(framework)(app);
        manager.attachMiddleware(app);
      };
      const { client } = await start({ manager, controllers, before });
      expect((await client.get('/open')).body).to.deep.equal(both(PASSPORT));
    });

    it('that this library has set is taken back once the request counts as cross-site', async () => {
      const manager = managerOf({ useCookie: true });
      const before = (app: App) => {
        manager.attachMiddleware(app);
        app.use((first: App, second: App, third: App) => {
          first.method = 'POST'; // as method-override does
          first.url = '/open';
          return (third ?? second)();
        });
      };
      const { client } = await start({ manager, controllers: [Posted], before });
      const { body } = await client.get('/any').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect(body).to.deep.equal(both(null));
    });
  });
});

@JsonController()
class Open {
  @Get('/open')
  open(@User() user: object) {
    return user;
  }
}

@JsonController()
class Posted {
  @Post('/open')
  open(@User() user: object) {
    return user;
  }
}
