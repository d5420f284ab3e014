import { expect } from 'chai';
import { type Action, Authorized, CurrentUser, createParamDecorator, Get, JsonController } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer, cookie } from '../support/http';
import { type App, onEachFramework, register } from '../support/servers';
import { silencingStderr } from '../support/stderr';

interface Person {
  name: string;
}

let loads = 0;
/** A manager whose loader counts, and finds everybody but Eve. */
function countingManager(load?: (name: string) => unknown): LoginManager<Person> {
  const manager = new LoginManager<Person>(SECRET, '/login', { useCookie: true });
  manager.userLoader()((name: string) => {
    loads += 1;
    return load ? load(name) : Promise.resolve(name === 'eve' ? null : { name });
  });
  return manager;
}

const Request = () => createParamDecorator({ value: (action: Action) => action.context ?? action.request });

let manager = countingManager();

@JsonController()
class Routes {
  @Authorized()
  @Get('/everything')
  async everything(@CurrentUser() one: Person, @CurrentUser({ required: true }) two: Person, @Request() request: App) {
    const three = (await manager.authenticate(request)).user;
    const four = await manager.optional(request);
    return { same: [two, three, four, request.user ?? request.state?.user].every((user) => user === one) };
  }

  @Get('/nobody')
  async nobody(@CurrentUser() one: Person | null, @CurrentUser() two: Person | null, @Request() request: App) {
    const refused = await manager.authenticate(request).catch(({ code }) => code);
    return { one, two, three: await manager.optional(request), refused };
  }

  @Get('/failing')
  async failing(@Request() request: App) {
    const once = await manager.optional(request).catch((error: Error) => error);
    const again = await manager.authenticate(request).catch((error: Error) => error);
    return { same: once === again, message: (once as Error).message };
  }
}

const token = (name: string) => manager.createAccessToken({ data: { sub: name } });

describe('a request is authenticated once', () => {
  silencingStderr();
  beforeEach(() => {
    loads = 0;
  });

  onEachFramework((start) => {
    const startIt = async (before: (app: App) => void = (app) => manager.attachMiddleware(app)) => {
      return (await start({ manager, controllers: [Routes], before })).client;
    };

    it('whoever asks: the middleware, @Authorized, two @CurrentUser, authenticate and optional', async () => {
      manager = countingManager();
      const { body } = await (await startIt()).get('/everything').set(bearer(token('ada')));
      expect(body).to.deep.equal({ same: true });
      expect(loads).to.equal(1);
    });

    it('where those who ask do not wait for each other, too', async () => {
      manager = countingManager();
      const client = await startIt(() => undefined);
      const { body } = await client.get('/nobody').set(bearer(token('ada')));
      expect(body).to.deep.include({ one: { name: 'ada' }, two: { name: 'ada' } });
      expect(loads).to.equal(1);
    });

    it('and a failure is remembered, too', async () => {
      manager = countingManager();
      const { body } = await (await startIt()).get('/nobody').set(bearer(token('eve')));
      expect(body).to.deep.equal({ one: null, two: null, three: null, refused: 'user_unknown' });
      expect(loads).to.equal(1);
    });

    for (const [name, load] of Object.entries<() => unknown>({
      'at once': () => {
        throw new Error('down');
      },
      later: () => Promise.reject(new Error('down')),
    })) {
      it(`and the error that a loader throws ${name} is remembered, too`, async () => {
        manager = countingManager(load);
        const { body } = await (await startIt(() => undefined)).get('/failing').set(bearer(token('ada')));
        expect(body).to.deep.equal({ same: true, message: 'down' });
        expect(loads).to.equal(1);
      });
    }

    it('and another request is another matter', async () => {
      manager = countingManager();
      const client = await startIt();
      await client.get('/everything').set(bearer(token('ada')));
      await client.get('/everything').set(bearer(token('ada')));
      expect(loads).to.equal(2);
    });
  });
});

describe('two managers in one application', () => {
  onEachFramework((start) => {
    const staff = new LoginManager<Person>('the secret of the staff, thirty-two bytes', '/login', {
      useCookie: true,
      cookieName: 'staff',
    });
    staff.userLoader()((name: string) => ({ name: `${name} of the staff` }));
    const guests = managerOf({ useCookie: true, cookieName: 'guest' });

    @JsonController()
    class Whoami {
      @Authorized()
      @Get('/me')
      me(@CurrentUser() user: object) {
        return user;
      }

      @Get('/both')
      async both(@Request() request: App) {
        return { staff: await staff.optional(request), guest: await guests.optional(request) };
      }
    }

    const startIt = async () => {
      const controllers = [Whoami];
      const after = (app: App) => register(app, { manager: staff, controllers, routePrefix: '/staff' });
      return (await start({ manager: guests, controllers, routePrefix: '/guests', after })).client;
    };
    const staffToken = staff.createAccessToken({ data: { sub: 'bea' } });
    const guestToken = tokenOf(guests);

    it('let in with their own tokens alone', async () => {
      const client = await startIt();
      expect((await client.get('/staff/me').set(bearer(staffToken))).body).to.deep.equal({ name: 'bea of the staff' });
      expect((await client.get('/guests/me').set(bearer(guestToken))).body.email).to.equal('ada@example.com');
      expect((await client.get('/staff/me').set(bearer(guestToken))).status).to.equal(401);
      expect((await client.get('/guests/me').set(bearer(staffToken))).status).to.equal(401);
    });

    it('let in with their own cookies alone', async () => {
      const client = await startIt();
      expect((await client.get('/staff/me').set(cookie(staffToken, 'staff'))).status).to.equal(200);
      expect((await client.get('/staff/me').set(cookie(staffToken, 'guest'))).status).to.equal(401);
      expect((await client.get('/guests/me').set(cookie(guestToken, 'guest'))).status).to.equal(200);
      expect((await client.get('/guests/me').set(cookie(guestToken, 'staff'))).status).to.equal(401);
    });

    it('know their own users of one request', async () => {
      const client = await startIt();
      const headers = { Cookie: `staff=${staffToken}; guest=${guestToken}` };
      for (const path of ['/staff/both', '/guests/both']) {
        const { body } = await client.get(path).set(headers);
        expect(body.staff).to.deep.equal({ name: 'bea of the staff' });
        expect(body.guest).to.deep.equal({ email: 'ada@example.com', admin: true });
      }
    });
  });
});
