import { expect } from 'chai';
import { Get, JsonController, UseBefore } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { provide } from '../../src/users/inject';
import { SECRET } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { type App, onEachFramework, onEachSecureServer, ownErrorHandling } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { thrownReasons, unsendableErrors } from '../support/thrown-reasons';
import { refusingUnhandledRejections } from '../support/unhandled';

let reason: () => unknown;
let handlers = 0;

class Failing {
  use(): Promise<never> {
    return Promise.reject(reason());
  }
}

@JsonController()
class Routes {
  @Get('/open')
  open() {
    handlers++;
    return {};
  }

  @UseBefore(Failing)
  @Get('/middleware')
  middleware() {
    handlers++;
    return {};
  }

  @Get('/handler')
  handler() {
    return Promise.reject(reason());
  }
}

function createManager(): LoginManager<object> {
  const manager = new LoginManager<object>(SECRET, '/login');
  manager.userLoader(provide(() => reason))(() => Promise.reject(reason()));
  return manager;
}

const controllers = [Routes];

describe('attachMiddleware', () => {
  silencingStderr();
  refusingUnhandledRejections();

  onEachFramework((start) => {
    for (const [name, made] of Object.entries(thrownReasons)) {
      it(`passes nobody on where the loader rejects with ${name}`, async () => {
        reason = made;
        handlers = 0;
        const manager = createManager();
        const before = (app: App) => manager.attachMiddleware(app);
        const { client } = await start({ manager, controllers, before });
        const { status } = await client.get('/open').set(bearer(manager.createAccessToken({ data: { sub: 'ada' } })));
        expect(status).to.equal(500);
        expect(handlers).to.equal(0);
      });
    }
  });
});

describe("what the application's own error handling gets", () => {
  refusingUnhandledRejections();

  onEachFramework((start, framework) => {
    for (const [name, made] of Object.entries(thrownReasons)) {
      it(`is the error that was thrown, or has the reason as its cause, for ${name}`, async () => {
        const thrown = made();
        reason = () => thrown;
        const manager = createManager();
        const caught: Error[] = [];
        const handling = ownErrorHandling(framework, (error) => {
          caught.push(error);
          return { status: 503 };
        });
        const before = (app: App) => {
          handling.before?.(app);
          manager.attachMiddleware(app);
        };
        const { client } = await start({ manager, controllers, ...handling, before });
        const headers = bearer(manager.createAccessToken({ data: { sub: 'ada' } }));
        expect((await client.get('/open').set(headers)).status).to.equal(503);
        expect(caught).to.have.length(1);
        expect(caught[0]).to.be.instanceOf(Error);
        if (!unprintable.includes(name))
          expect([caught[0], caught[0]?.cause]).to.satisfy((told: unknown[]) =>
            told.some((one) => Object.is(one, thrown)),
          );
      });
    }
  });
});

/** An error that only its own object can tell of. */
class Moved extends Error {
  readonly #to = '/elsewhere';

  get status() {
    return 410;
  }

  toJSON() {
    return { to: this.#to };
  }
}

describe("an error of the application's own class", () => {
  onEachSecureServer(
    (start, framework) => {
      it('reaches its error handling as it is', async () => {
        reason = () => new Moved();
        const handling = ownErrorHandling(framework, (error) => ({ status: error.status, body: error.toJSON() }));
        const manager = createManager();
        const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...handling });
        const { status, body } = await client.get('/handler');
        expect([status, body]).to.deep.equal([410, { to: '/elsewhere' }]);
      });
    },
    ['Express 5', 'Express 4'],
  );
});

/** A logger that prints the error would fail on such a cause. */
const unprintable = ['an error whose message throws', 'an object that cannot be printed', 'a revoked proxy'];

describe('by hand', () => {
  for (const [name, made] of Object.entries(thrownReasons)) {
    it(`every method rejects with an error where the loader rejects with ${name}`, async () => {
      reason = made;
      const manager = createManager();
      const token = manager.createAccessToken({ data: { sub: 'ada' } });
      const request = { headers: { authorization: `Bearer ${token}` } } as never;
      for (const call of [
        () => manager.authenticate(request),
        () => manager.optional(request),
        () => manager.getCurrentUser(token),
      ]) {
        expect(await rejection(call())).to.be.instanceOf(Error);
      }
    });
  }
});

describe("on the manager's servers", () => {
  silencingStderr();
  refusingUnhandledRejections();

  /** Express 5 sees the rejection of a middleware itself; without the default error handler it sees all errors. */
  const reasonsFor = (path: string, defaultErrorHandler: boolean) => {
    const isSent = path === '/handler' && defaultErrorHandler;
    return Object.entries(thrownReasons).filter(
      ([name]) => !name.startsWith('an object') && (isSent || !(name in unsendableErrors)),
    );
  };

  onEachSecureServer((start) => {
    for (const path of ['/middleware', '/handler']) {
      it(`whatever the application throws is answered with an error, and goes no further: ${path}`, async () => {
        const manager = new LoginManager<object>(SECRET, null);
        for (const defaultErrorHandler of [true, false]) {
          const { client } = await start({ manager, controllers, defaultErrorHandler });
          for (const [name, made] of reasonsFor(path, defaultErrorHandler)) {
            reason = made;
            handlers = 0;
            const { status } = await client.get(path);
            expect(status, `${name}, defaultErrorHandler ${defaultErrorHandler}`).to.equal(500);
            expect(handlers, name).to.equal(0);
          }
        }
      });
    }
  });
});
