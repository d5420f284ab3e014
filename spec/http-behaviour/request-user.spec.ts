import { expect } from 'chai';
import { Authorized, Get, JsonController, Req, UseBefore } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { type App, closeServers, createApp, listen, nothingElse, onBothExpresses } from '../support/servers';
import { capturingStderr } from '../support/stderr';

const ADA = { email: 'ada@example.com', admin: true };
const OTHER = { email: 'other@example.com' };

const setsAnother = (request: App, _response: App, next: () => void) => {
  request.user = OTHER;
  next();
};

@JsonController()
class Routes {
  @Authorized()
  @Get('/user')
  user(@Req() request: App) {
    return { user: request.user };
  }

  @Authorized()
  @UseBefore(setsAnother)
  @Get('/another')
  another(@Req() request: App) {
    return { user: request.user, isOwn: Object.keys(request).includes('user') };
  }
}

describe('request.user of Express', () => {
  const manager = managerOf();
  const options = { controllers: [Routes], ...nothingElse };
  const headers = bearer(tokenOf(manager));

  onBothExpresses((_, framework) => {
    const appOf = (before: (app: App) => void = () => undefined): App => {
      const app = createApp(framework);
      before(app);
      return manager.useExpressServer(app, options);
    };
    const bodyOf = async (app: App, path = '/user') => (await (await listen(app)).client.get(path).set(headers)).body;

    it('is the user of whoever was let in', async () => {
      expect(await bodyOf(appOf())).to.deep.equal({ user: ADA });
    });

    it('is the user of each request, however many there are at a time', async () => {
      const { client } = await listen(appOf());
      const ask = (email: string) => client.get('/user').set(bearer(tokenOf(manager, email)));
      const emails = Array.from({ length: 20 }, (_, index) => (index % 2 ? ADA.email : 'bob@example.com'));
      const users = (await Promise.all(emails.map(ask))).map(({ body }) => body.user.email);
      expect(users).to.deep.equal(emails);
    });

    it('takes the place of what a middleware before the routes has set', async () => {
      expect(await bodyOf(appOf((app) => app.use(setsAnother)))).to.deep.equal({ user: ADA });
    });

    it('can be set by the middleware that follow, and is then a property as any other', async () => {
      expect(await bodyOf(appOf(), '/another')).to.deep.equal({ user: OTHER, isOwn: true });
    });

    it('is seen by the application that the routes are mounted in', async () => {
      const seen: unknown[] = [];
      const outer = createApp(framework);
      outer.use((request: App, response: App, next: () => void) => {
        response.on('finish', () => seen.push(request.user));
        next();
      });
      outer.use('/api', appOf());
      expect(await bodyOf(outer, '/api/user')).to.deep.equal({ user: ADA });
      expect(seen).to.deep.equal([ADA]);
    });

    it('takes the place of what the application has given all its requests', async () => {
      const app = appOf();
      app.request.user = OTHER;
      expect(await bodyOf(app)).to.deep.equal({ user: ADA });
    });

    for (const [name, loaded] of [
      ['at once', ADA],
      ['later', Promise.resolve(ADA)],
    ] as const) {
      it(`that cannot be set is an error, and nobody gets in: a user who is there ${name}`, async () => {
        const strict = new LoginManager<Account>(SECRET, '/login');
        strict.userLoader()(() => loaded);
        const app = strict.useExpressServer(createApp(framework), options);
        Object.defineProperty(app.request, 'user', { get: () => null });
        await capturingStderr(async () => {
          const answer = await (await listen(app)).client.get('/user').set(headers);
          expect(answer.status).to.equal(500);
          expect(answer.body.name).to.equal('TypeError');
        });
      });
    }

    it('can be taken away', async () => {
      const app = createApp(framework);
      manager.attachMiddleware(app);
      app.use((request: App, _response: App, next: () => void) => {
        delete request.user;
        next();
      });
      app.get('/user', (request: App, response: App) => response.json({ user: request.user ?? 'nobody' }));
      expect(await bodyOf(app)).to.deep.equal({ user: 'nobody' });
    });

    it('is not there in other applications', async () => {
      await bodyOf(appOf());
      const other = createApp(framework);
      other.get('/user', (request: App, response: App) => response.json({ hasUser: 'user' in request }));
      expect(await bodyOf(other)).to.deep.equal({ hasUser: false });
    });
  });

  afterEach(closeServers);
});
