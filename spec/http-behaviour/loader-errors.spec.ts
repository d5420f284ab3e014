import { expect } from 'chai';
import {
  type Action,
  Authorized,
  CurrentUser,
  createParamDecorator,
  Get,
  HttpError,
  JsonController,
} from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { provide } from '../../src/users/inject';
import { SECRET } from '../support/accounts';
import { bearer } from '../support/http';
import { type App, onEachFramework, ownErrorHandling } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const Request = () => createParamDecorator({ value: (action: Action) => action.context ?? action.request });

let manager: LoginManager<unknown>;

/** Gives the running test a manager with this loader, and the header of a token for it. */
function loading(load: (sub: string) => unknown): Record<string, string> {
  manager = new LoginManager<unknown>(SECRET, '/login');
  manager.userLoader()(load);
  return bearer(manager.createAccessToken({ data: { sub: 'ada' } }));
}

@JsonController()
class Routes {
  @Authorized()
  @Get('/authorized')
  authorized() {
    return { in: true };
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) user: unknown) {
    return { user };
  }

  @Get('/current')
  current(@CurrentUser() user: unknown) {
    return { user };
  }

  @Get('/optional')
  async optional(@Request() request: App) {
    return { user: await manager.optional(request) };
  }

  @Get('/authenticate')
  async authenticate(@Request() request: App) {
    return (await manager.authenticate(request)).user;
  }
}

const controllers = [Routes];
const paths = ['/authorized', '/required', '/current', '/optional', '/authenticate'];

class DatabaseDown extends Error {}

class Overloaded extends HttpError {
  constructor() {
    super(503, 'Come back later');
    Object.setPrototypeOf(this, Overloaded.prototype);
  }
}

describe('an error of the loader', () => {
  silencingStderr();

  onEachFramework((start, framework) => {
    const failures: Record<string, () => unknown> = {
      'thrown at once': () => {
        throw new DatabaseDown('the database is down');
      },
      rejected: () => Promise.reject(new DatabaseDown('the database is down')),
      'rejected by what is only thenable': () => ({
        // biome-ignore lint/suspicious/noThenProperty: a query of an ORM is like this
        then: (_: unknown, reject: (error: Error) => void) => reject(new DatabaseDown('the database is down')),
      }),
    };

    for (const [how, fail] of Object.entries(failures)) {
      for (const path of paths) {
        it(`${how} is a 500 and no refusal, and lets nobody in: ${path}`, async () => {
          const headers = loading(fail);
          const { client } = await start({ manager, controllers });
          const response = await client.get(path).set(headers);
          expect(response.status).to.equal(500);
          expect(response.body).to.include({ name: 'DatabaseDown', message: 'the database is down' });
          expect(response.headers).not.to.have.property('www-authenticate');
        });
      }
    }

    for (const path of paths) {
      it(`reaches the application's own error handling as it is: ${path}`, async () => {
        const error = new DatabaseDown('the database is down');
        const headers = loading(() => Promise.reject(error));
        const seen: unknown[] = [];
        const own = ownErrorHandling(framework, (caught) => {
          seen.push(caught);
          return { status: 503 };
        });
        const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
        expect((await client.get(path).set(headers)).status).to.equal(503);
        expect(seen).to.have.length(1);
        expect(seen[0]).to.equal(error);
      });
    }

    it('is a 500 where two of its dependencies fail, one at once and one later, and the process lives on', async () => {
      const unhandled: unknown[] = [];
      const note = (reason: unknown) => unhandled.push(reason);
      process.on('unhandledRejection', note);
      manager = new LoginManager<unknown>(SECRET, '/login');
      const later = provide(() => Promise.reject(new DatabaseDown('later')));
      const atOnce = provide(() => {
        throw new DatabaseDown('at once');
      });
      manager.userLoader(later, atOnce)((name) => ({ name }));
      const { client } = await start({ manager, controllers });
      const headers = bearer(manager.createAccessToken({ data: { sub: 'ada' } }));
      expect((await client.get('/authorized').set(headers)).status).to.equal(500);
      process.off('unhandledRejection', note);
      expect(unhandled).to.be.empty;
    });

    it('has the status it asks for, as any error has', async () => {
      const headers = loading(() => {
        throw new Overloaded();
      });
      const { client } = await start({ manager, controllers });
      expect((await client.get('/authorized').set(headers)).status).to.equal(503);
    });

    it('does not concern requests without a good token', async () => {
      loading(failures.rejected as () => unknown);
      const { client } = await start({ manager, controllers });
      expect((await client.get('/authorized')).status).to.equal(401);
      expect((await client.get('/authorized').set(bearer('garbage'))).status).to.equal(401);
    });
  });
});

describe('a loader that finds nobody', () => {
  onEachFramework((start) => {
    for (const nobody of [null, undefined, false, 0, '', Number.NaN]) {
      it(`refuses where it returns ${nobody === '' ? 'empty text' : nobody}, or a promise of it`, async () => {
        for (const load of [() => nobody, async () => nobody]) {
          const headers = loading(load);
          const { client } = await start({ manager, controllers });
          for (const path of ['/authorized', '/required', '/authenticate']) {
            const { status, body } = await client.get(path).set(headers);
            expect(status, path).to.equal(401);
            expect(body.code, path).to.equal('user_unknown');
          }
          for (const path of ['/current', '/optional']) {
            const { status, body } = await client.get(path).set(headers);
            expect(status, path).to.equal(200);
            expect(body, path).to.deep.equal({ user: null });
          }
        }
      });
    }
  });
});

describe('a loader that finds somebody', () => {
  onEachFramework((start) => {
    const user = { name: 'Ada' };
    const loaders: Record<string, () => unknown> = {
      'the user': () => user,
      'a promise of the user': async () => user,
      // biome-ignore lint/suspicious/noThenProperty: a query of an ORM is like this
      'what is only thenable': () => ({ then: (resolve: (value: object) => void) => resolve(user) }),
    };

    for (const [name, load] of Object.entries(loaders)) {
      it(`may return ${name}`, async () => {
        const headers = loading(load);
        const { client } = await start({ manager, controllers });
        expect((await client.get('/authorized').set(headers)).body).to.deep.equal({ in: true });
        expect((await client.get('/authenticate').set(headers)).body).to.deep.equal(user);
        for (const path of ['/required', '/current', '/optional']) {
          expect((await client.get(path).set(headers)).body, path).to.deep.equal({ user });
        }
      });
    }

    it('gets an integer as an integer', async () => {
      loading((sub) => ({ sub }));
      const { client } = await start({ manager, controllers });
      const headers = bearer(manager.createAccessToken({ data: { sub: 7 } }));
      expect((await client.get('/authenticate').set(headers)).body).to.deep.equal({ sub: 7 });
    });
  });
});
