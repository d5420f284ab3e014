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
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachFramework, type ServerOptions } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const RequestUser = () => createParamDecorator({ value: ({ request }: Action) => request.user });
const StateUser = () => createParamDecorator({ value: ({ context }: Action) => context?.state.user });

/** The guard of an application, for Express and for Koa. */
function onlyAdmins(request: App, response: App, next: () => unknown): unknown {
  const isKoa = response instanceof Function;
  if (request.user?.admin || request.state?.user?.admin) return isKoa ? response() : next();
  if (isKoa) request.throw(403, 'admins only');
  return response.status(403).json({ message: 'admins only' });
}

@JsonController()
class Routes {
  @Get('/who')
  who(@RequestUser() user: Account | null, @StateUser() inState: Account | null | undefined) {
    return { user, inState };
  }

  @Post('/who')
  posted(@RequestUser() user: Account | null) {
    return { user };
  }

  @UseBefore(onlyAdmins)
  @Get('/admin')
  admin() {
    return { secret: true };
  }

  @Get('/admin-in-handler')
  inHandler(@RequestUser() user: Account | null) {
    return { secret: user?.admin === true };
  }

  @Authorized()
  @Get('/authorized')
  authorized(@RequestUser() user: Account | null) {
    return { user };
  }
}

class DatabaseDown extends Error {
  httpCode = 503;
}

describe('attachMiddleware', () => {
  silencingStderr();

  onEachFramework((start, framework) => {
    const manager = managerOf({ clock: clock.tell, useCookie: true });
    const startWith = async (attached: LoginManager<Account> = manager, options: Partial<ServerOptions> = {}) => {
      const before = (app: App) => attached.attachMiddleware(app);
      return (await start({ manager: attached, controllers: [Routes], before, ...options })).client;
    };
    const inState = framework === 'Koa' ? { inState: null } : {};

    it('sets request.user to the user, on Koa ctx.state.user too', async () => {
      const user = { email: 'ada@example.com', admin: true };
      const { body } = await (await startWith()).get('/who').set(bearer(tokenOf(manager)));
      expect(body).to.deep.equal(framework === 'Koa' ? { user, inState: user } : { user });
    });

    it('sets it to null where no token was sent', async () => {
      const response = await (await startWith()).get('/who');
      expect(response.status).to.equal(200);
      expect(response.body).to.deep.equal({ user: null, ...inState });
    });

    for (const [name, { token }] of Object.entries(badTokens)) {
      it(`sets it to null for ${name}`, async () => {
        const response = await (await startWith()).get('/who').set(bearer(token));
        expect(response.status).to.equal(200);
        expect(response.body).to.deep.equal({ user: null, ...inState });
      });
    }

    it('sets it to null where a foreign page posts with the cookie', async () => {
      const headers = { ...cookie(tokenOf(manager)), ...foreign };
      const response = await (await startWith()).post('/who').set(headers);
      expect(response.status).to.equal(200);
      expect(response.body).to.deep.equal({ user: null });
    });

    it('reads the cookie', async () => {
      const { body } = await (await startWith()).get('/who').set(cookie(tokenOf(manager)));
      expect(body.user.email).to.equal('ada@example.com');
    });

    it('is what a guard with @UseBefore stands on', async () => {
      const client = await startWith();
      expect((await client.get('/admin').set(bearer(tokenOf(manager)))).body).to.deep.equal({ secret: true });
      for (const headers of [{}, bearer('garbage'), bearer(tokenOf(manager, 'bob@example.com'))]) {
        const response = await client.get('/admin').set(headers);
        expect(response.status).to.equal(403);
        expect(response.text).to.contain('admins only');
      }
    });

    it('is what a guard in a handler stands on', async () => {
      const client = await startWith();
      const secretFor = async (email: string) => {
        return (await client.get('/admin-in-handler').set(bearer(tokenOf(manager, email)))).body.secret;
      };
      expect(await secretFor('ada@example.com')).to.equal(true);
      expect(await secretFor('bob@example.com')).to.equal(false);
    });

    it('goes together with @Authorized', async () => {
      const client = await startWith();
      const { body } = await client.get('/authorized').set(bearer(tokenOf(manager)));
      expect(body.user.email).to.equal('ada@example.com');
      expect((await client.get('/authorized')).status).to.equal(401);
    });

    it('serves what routing-controllers does not serve, too', async () => {
      const after = (app: App) =>
        framework === 'Koa'
          ? app.use((context: App) => {
              context.body = { email: context.state.user.email };
            })
          : app.get('/plain', (request: App, response: App) => response.json({ email: request.user.email }));
      const client = await startWith(manager, { after });
      const { body } = await client.get('/plain').set(bearer(tokenOf(manager)));
      expect(body).to.deep.equal({ email: 'ada@example.com' });
    });

    for (const [name, load] of Object.entries<() => Promise<null>>({
      throws: () => {
        throw new DatabaseDown('the database is down');
      },
      rejects: () => Promise.reject(new DatabaseDown('the database is down')),
    })) {
      it(`passes the error of a loader that ${name} to the error handling, and nobody on`, async () => {
        const failing = new LoginManager<Account>(SECRET, '/login');
        failing.userLoader()(load);
        const client = await startWith(failing);
        expect((await client.get('/who').set(bearer(tokenOf(failing)))).status).to.equal(500);
      });
    }
  });
});
