import { expect } from 'chai';
import { type Action, Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { Container, Service } from 'typedi';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { inject, provide } from '../../src/users/inject';
import { UserLoader } from '../../src/users/user-loader';
import { SECRET } from '../support/accounts';
import { usingContainer } from '../support/container';
import { bearer } from '../support/http';
import { nameOf } from '../support/name-of';
import { rejection } from '../support/rejection';
import { onEachFramework } from '../support/servers';
import { forge } from '../support/tokens';

const token = forge({ payload: { sub: 'ada', exp: 4e9, tenant: 'acme' } });

const managerFor = (userLoader: new (...args: never[]) => object) =>
  new LoginManager<unknown>(SECRET, '/login', { userLoader });

/** The arguments that a loader was called with, of a loader that returns them. */
async function argumentsOf(manager: { getCurrentUser(token: string): Promise<unknown> }): Promise<unknown[]> {
  return ((await manager.getCurrentUser(token)) as { args: unknown[] }).args;
}

class Database {
  static made = 0;
  readonly id = ++Database.made;
}

class Cache {}

@JsonController()
class Me {
  @Authorized()
  @Get('/me')
  me(@CurrentUser() user: unknown) {
    return { user };
  }
}

describe('inject', () => {
  class Positional {
    @UserLoader(inject(Database), 'plain', inject(Cache))
    find(...args: unknown[]) {
      return { args };
    }
  }

  class Named {
    @UserLoader({ db: inject(Database), region: 'eu' })
    find(...args: unknown[]) {
      return { args };
    }
  }

  it('gives, alone, what the container makes of the class', async () => {
    const [sub, db, plain, cache] = (await argumentsOf(managerFor(Positional))) as unknown[];
    expect([sub, plain]).to.deep.equal(['ada', 'plain']);
    expect(db).to.be.instanceOf(Database);
    expect(cache).to.be.instanceOf(Cache);
  });

  it('gives it as a property, beside the others', async () => {
    const [, named] = (await argumentsOf(managerFor(Named))) as [string, { db: Database; region: string }];
    expect(named.db).to.be.instanceOf(Database);
    expect(named.region).to.equal('eu');
  });

  it('is for plain functions, too', async () => {
    const manager = new LoginManager<{ args: unknown[] }>(SECRET, null);
    manager.userLoader(inject(Database), { cache: inject(Cache) })((...args: unknown[]) => ({ args }));
    const [, db, { cache }] = (await argumentsOf(manager)) as [string, Database, { cache: Cache }];
    expect(db).to.be.instanceOf(Database);
    expect(cache).to.be.instanceOf(Cache);
  });

  describe('with a container of one’s own', () => {
    const asked: [unknown, Action | undefined][] = [];

    usingContainer(() => ({
      get(type, action) {
        asked.push([type, action]);
        return new type();
      },
    }));

    beforeEach(() => {
      asked.length = 0;
    });

    it('asks it at each call, for the class of the loader too, and without an action where there is no request', async () => {
      const manager = managerFor(Named);
      await manager.getCurrentUser(token);
      await manager.getCurrentUser(token);
      expect(asked.filter(([type]) => type === Database)).to.deep.equal([
        [Database, undefined],
        [Database, undefined],
      ]);
      expect(asked.filter(([type]) => type === Named)).to.have.length(2);
    });

    onEachFramework((start) => {
      it('tells it the action of the request', async () => {
        const { client } = await start({ manager: managerFor(Named), controllers: [Me] });
        await client.get('/me?from=here').set(bearer(token));
        const actions = asked
          .filter(([type]) => type === Database || type === Named)
          .map(([, action]) => action?.request.url);
        expect(actions).to.deep.equal(['/me?from=here', '/me?from=here']);
      });
    });

    it('does not ask for a class whose loader is static', async () => {
      // biome-ignore lint/complexity/noStaticOnlyClass: a class whose loader is static
      class Static {
        @UserLoader()
        static find(sub: string) {
          return { sub };
        }
      }
      await new LoginManager(SECRET, null, { userLoader: Static }).getCurrentUser(token);
      expect(asked).to.deep.equal([]);
    });
  });

  describe('with typedi', () => {
    @Service()
    class Connection {
      readonly name = 'connection';
    }

    @Service()
    class Repository {
      constructor(readonly connection: Connection) {}
    }

    @Service()
    class Loader {
      constructor(readonly connection: Connection) {}

      @UserLoader({ repository: inject(Repository) })
      find(sub: string, { repository }: { repository: Repository }) {
        return { sub, same: repository.connection === this.connection, name: this.connection.name };
      }
    }

    usingContainer(() => ({ get: (type) => Container.get(type) }));

    it('gives services with their own dependencies', async () => {
      expect(await managerFor(Loader).getCurrentUser(token)).to.deep.equal({
        sub: 'ada',
        same: true,
        name: 'connection',
      });
    });
  });

  describe('with a container that cannot make the class', () => {
    const failure = new Error('no such service');

    usingContainer(() => ({
      get() {
        throw failure;
      },
    }));

    it('is an error of the application', async () => {
      expect(await rejection(managerFor(Named).getCurrentUser(token))).to.equal(failure);
    });
  });

  for (const type of [undefined, null, {}, 'Database']) {
    it(`needs a class, and got ${nameOf(type)}`, () => {
      expect(() => inject(type as never)).to.throw(ConfigurationError, /inject\(\) needs a class, and got/);
    });
  }
});

describe('provide', () => {
  it('gives what its function returns for the payload, alone and as a property', async () => {
    class Loader {
      @UserLoader(
        provide((_action, payload) => payload.tenant),
        { tenant: provide((_action, { tenant }) => `of ${tenant}`), plain: 1 },
      )
      find(...args: unknown[]) {
        return { args };
      }
    }
    expect(await argumentsOf(managerFor(Loader))).to.deep.equal(['ada', 'acme', { tenant: 'of acme', plain: 1 }]);
  });

  it('awaits a promise', async () => {
    class Loader {
      @UserLoader(
        provide(async () => 'first'),
        { second: provide(() => Promise.resolve('second')) },
      )
      find(...args: unknown[]) {
        return { args };
      }
    }
    expect(await argumentsOf(managerFor(Loader))).to.deep.equal(['ada', 'first', { second: 'second' }]);
  });

  it('has only what it gives awaited, not the other extra arguments', async () => {
    const promise = Promise.resolve('not asked for');
    class Loader {
      @UserLoader(
        promise,
        { promise, given: provide(async () => 'given') },
        provide(async () => 'given'),
      )
      find(...args: unknown[]) {
        return { args };
      }
    }
    const [, one, two, three] = (await argumentsOf(managerFor(Loader))) as [
      string,
      unknown,
      Record<string, unknown>,
      string,
    ];
    expect(one).to.equal(promise);
    expect(two.promise).to.equal(promise);
    expect([two.given, three]).to.deep.equal(['given', 'given']);
  });

  it('gives a function that it returns without calling it', async () => {
    const query = () => 'rows';
    class Loader {
      @UserLoader(provide(() => query))
      find(_sub: string, given: () => string) {
        return { given };
      }
    }
    expect(await managerFor(Loader).getCurrentUser(token)).to.deep.equal({ given: query });
  });

  it('is asked anew for each user', async () => {
    let calls = 0;
    class Loader {
      @UserLoader(provide(() => ++calls))
      find(_sub: string, call: number) {
        return { call };
      }
    }
    const manager = managerFor(Loader);
    expect(await manager.getCurrentUser(token)).to.deep.equal({ call: 1 });
    expect(await manager.getCurrentUser(token)).to.deep.equal({ call: 2 });
  });

  it('gets no action where there is no request', async () => {
    class Loader {
      @UserLoader(provide((action) => ({ action })))
      find(_sub: string, given: { action: Action | undefined }) {
        return given;
      }
    }
    expect(await managerFor(Loader).getCurrentUser(token)).to.deep.equal({ action: undefined });
  });

  onEachFramework((start) => {
    it('gets the action of the request, for the tenant of its host name', async () => {
      class Loader {
        @UserLoader(provide((action) => action?.request.headers.host))
        find(sub: string, host: string | undefined) {
          return { sub, host };
        }
      }
      const { client } = await start({ manager: managerFor(Loader), controllers: [Me] });
      const response = await client.get('/me').set({ ...bearer(token), Host: 'acme.example' });
      expect(response.body).to.deep.equal({ user: { sub: 'ada', host: 'acme.example' } });
    });
  });

  it('passes its errors on, thrown or promised', async () => {
    const failure = new Error('no session');
    const thrower = () => {
      throw failure;
    };
    for (const factory of [thrower, () => Promise.reject(failure)]) {
      const manager = new LoginManager(SECRET, null);
      manager.userLoader(provide(factory), 'other')(() => ({}));
      expect(await rejection(manager.getCurrentUser(token))).to.equal(failure);
    }
  });

  it('leaves the object that was given as it was', async () => {
    const named = Object.freeze({ tenant: provide(() => 'acme') });
    const manager = new LoginManager<unknown>(SECRET, null);
    manager.userLoader(named)((_sub: string, given: object) => given);
    expect(await manager.getCurrentUser(token))
      .to.deep.equal({ tenant: 'acme' })
      .and.not.equal(named);
  });

  for (const factory of [undefined, null, 'acme', {}]) {
    it(`needs a function, and got ${nameOf(factory)}`, () => {
      expect(() => provide(factory as never)).to.throw(
        ConfigurationError,
        /provide\(\) needs a function: provide\(\(action, payload\) => value\)/,
      );
    });
  }
});
