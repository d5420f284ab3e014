import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { UserLoader } from '../../src/users/user-loader';
import { managerOf, SECRET } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { bearer } from '../support/http';
import { nameOf } from '../support/name-of';
import { rejection } from '../support/rejection';
import { onEachFramework } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { forge } from '../support/tokens';

/** The arguments a loader was called with: they are the user here. */
type Called = { with: unknown[] };

const called = (...args: unknown[]): Called => ({ with: args });

function load(userLoader: LoginManagerOptions<Called>['userLoader'], sub: string | number = 'ada'): Promise<Called> {
  const manager = new LoginManager<Called>(SECRET, '/login', { userLoader: userLoader as never });
  return manager.getCurrentUser(forge({ payload: { sub, exp: 4e9 } }));
}

describe('@UserLoader', () => {
  const db = { name: 'db' };
  const cache = { name: 'cache' };

  it('calls the method with the subject of the token', async () => {
    class Loader {
      @UserLoader()
      find(sub: string) {
        return called(sub);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada'));
  });

  it('works without parentheses', async () => {
    class Loader {
      @UserLoader
      find(sub: string) {
        return called(sub);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada'));
  });

  it('works without parentheses on a static method', async () => {
    // biome-ignore lint/complexity/noStaticOnlyClass: a class whose loader is static
    class Loader {
      @UserLoader
      static find(sub: string) {
        return called(sub);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada'));
  });

  it('gives a subject that is a number as one', async () => {
    class Loader {
      @UserLoader()
      find(sub: number) {
        return called(sub);
      }
    }
    expect(await load(Loader, 7)).to.deep.equal(called(7));
  });

  it('adds extra arguments in their order', async () => {
    class Loader {
      @UserLoader(db, cache, 'eu', 3, true, null, undefined)
      find(...args: unknown[]) {
        return called(...args);
      }
    }
    const user = await load(Loader);
    expect(user).to.deep.equal(called('ada', db, cache, 'eu', 3, true, null, undefined));
    expect(user.with[1], 'the same object').to.equal(db);
  });

  it('adds extra arguments by name, as one object', async () => {
    class Loader {
      @UserLoader({ db, cache })
      find(sub: string, named: { db: typeof db; cache: typeof cache }) {
        return called(sub, named);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada', { db, cache }));
  });

  it('adds functions, first or not, without calling them', async () => {
    const query = (sub: string) => `select ${sub}`;
    class Connection {}
    class Loader {
      @UserLoader(query, Connection, { query })
      find(...args: unknown[]) {
        return called(...args);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada', query, Connection, { query }));
  });

  it('is not confused by three extra arguments that resemble what a decorator gets', async () => {
    const descriptor = Object.getOwnPropertyDescriptor(db, 'name') as PropertyDescriptor;
    const withExtras = UserLoader as (...extra: unknown[]) => MethodDecorator;
    class Loader {
      @withExtras(db, 'name', descriptor)
      find(...args: unknown[]) {
        return called(...args);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada', db, 'name', descriptor));
  });

  it('passes an object with a class of its own on as it is', async () => {
    class Database {
      #secret = 'private';
      read() {
        return this.#secret;
      }
    }
    class Loader {
      @UserLoader(new Database(), { db: new Database() })
      find(_sub: string, one: Database, { db: other }: { db: Database }) {
        return called(one.read(), other.read());
      }
    }
    expect(await load(Loader)).to.deep.equal(called('private', 'private'));
  });

  it('passes a promise on as it is', async () => {
    const connecting = Promise.resolve(db);
    class Loader {
      @UserLoader(connecting)
      async find(_sub: string, connection: Promise<typeof db>) {
        return called(connection === connecting, await connection);
      }
    }
    expect(await load(Loader)).to.deep.equal(called(true, db));
  });

  it('takes a promise of the user', async () => {
    class Loader {
      @UserLoader()
      async find(sub: string) {
        return called(sub);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada'));
  });

  it('takes what is only thenable, such as a query', async () => {
    class Loader {
      @UserLoader()
      find(sub: string): PromiseLike<Called> {
        // biome-ignore lint/suspicious/noThenProperty: a query builder has one
        return { then: (resolve) => Promise.resolve(called(sub)).then(resolve) };
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada'));
  });

  it('keeps `this`: an instance for an instance method, the class for a static one', async () => {
    class Instance {
      prefix = 'of the instance';
      @UserLoader()
      find() {
        return called(this.prefix);
      }
    }
    // biome-ignore lint/complexity/noStaticOnlyClass: a class whose loader is static
    class Static {
      static prefix = 'of the class';
      @UserLoader()
      static find() {
        // biome-ignore lint/complexity/noThisInStatic: it is what this test is about
        return called(this.prefix);
      }
    }
    expect(await load(Instance)).to.deep.equal(called('of the instance'));
    expect(await load(Static)).to.deep.equal(called('of the class'));
  });

  it('may be on a method that is called by a symbol', async () => {
    const find = Symbol('find');
    class Loader {
      @UserLoader()
      [find](sub: string) {
        return called(sub);
      }
    }
    expect(await load(Loader)).to.deep.equal(called('ada'));
  });

  it('leaves the method an ordinary one', () => {
    class Loader {
      @UserLoader({ db })
      find(sub: string, { db: given }: { db: object }) {
        return called(sub, given);
      }
    }
    expect(new Loader().find('bob', { db: cache })).to.deep.equal(called('bob', cache));
    expect(Loader.prototype.find).to.have.length(2);
  });

  describe('of a base class', () => {
    class Base {
      @UserLoader('extra')
      find(sub: string, extra: string) {
        return called('base', sub, extra);
      }
    }

    it('holds for a derived class', async () => {
      class Derived extends Base {}
      expect(await load(Derived)).to.deep.equal(called('base', 'ada', 'extra'));
    });

    it('calls the method that overrides it', async () => {
      class Derived extends Base {
        override find(sub: string, extra: string) {
          return called('derived', sub, extra);
        }
      }
      expect(await load(Derived)).to.deep.equal(called('derived', 'ada', 'extra'));
    });

    it('gives way to one of the derived class', async () => {
      class Derived extends Base {
        @UserLoader('other')
        lookUp(sub: string, extra: string) {
          return called('derived', sub, extra);
        }
      }
      expect(await load(Derived)).to.deep.equal(called('derived', 'ada', 'other'));
      expect(await load(Base)).to.deep.equal(called('base', 'ada', 'extra'));
    });

    it('holds where it is abstract', async () => {
      abstract class Abstract {
        @UserLoader()
        find(sub: string) {
          return called(this.prefix(), sub);
        }
        abstract prefix(): string;
      }
      class Concrete extends Abstract {
        prefix() {
          return 'concrete';
        }
      }
      expect(await load(Concrete)).to.deep.equal(called('concrete', 'ada'));
    });

    it('holds where it is static', async () => {
      // biome-ignore lint/complexity/noStaticOnlyClass: a class whose loader is static
      class Static {
        @UserLoader()
        static find(sub: string) {
          return called(sub);
        }
      }
      class Derived extends Static {}
      expect(await load(Derived)).to.deep.equal(called('ada'));
    });
  });

  it('cannot stand twice in a class', () => {
    const declare = () => {
      class Twice {
        @UserLoader()
        byName(sub: string) {
          return called(sub);
        }
        @UserLoader()
        static byEmail(sub: string) {
          return called(sub);
        }
      }
      return Twice;
    };
    expect(declare).to.throw(
      ConfigurationError,
      'Twice has two methods with @UserLoader, byName and byEmail; remove one of them',
    );
  });

  it('belongs on a method', () => {
    const decorate = UserLoader() as (...target: unknown[]) => void;
    for (const target of [
      [class {}],
      [{}, 'name', undefined],
      [{}, 'name'],
      [null, 'x', {}],
      [],
      [{ name: 'no function' }, 'name', { value: 'no function' }],
    ]) {
      expect(() => decorate(...target)).to.throw(
        ConfigurationError,
        /@UserLoader must be on a method of a class, and needs "experimentalDecorators"/,
      );
    }
  });

  it('refuses the decorators of ECMAScript, which get a context', () => {
    const decorate = UserLoader() as (...target: unknown[]) => void;
    expect(() => decorate(() => null, { kind: 'method', name: 'find' })).to.throw(
      ConfigurationError,
      /experimentalDecorators/,
    );
  });
});

describe('what the loader answers', () => {
  for (const nobody of [null, undefined, false, 0, '']) {
    it(`is nobody, where it is ${nameOf(nobody)}, promised or not`, async () => {
      for (const answer of [() => nobody, async () => nobody]) {
        const manager = new LoginManager(SECRET, null);
        manager.userLoader()(answer);
        expect(await rejection(manager.getCurrentUser(forge({ payload: { sub: 'ada', exp: 4e9 } })))).to.include({
          code: 'user_unknown',
          httpCode: 401,
        });
      }
    });
  }

  onEachFramework((start) => {
    silencingStderr();

    for (const [how, fail] of Object.entries({
      throws: () => {
        throw new Error('the database is down');
      },
      rejects: () => Promise.reject(new Error('the database is down')),
    })) {
      it(`is an error of the application where it ${how}: 500, never a 401 and never nobody`, async () => {
        const manager = new LoginManager<unknown>(SECRET, '/login');
        manager.userLoader()(fail);
        const { client } = await start({ manager, controllers: [GuardedRoute] });
        const response = await client.get('/me').set(bearer(forge({ payload: { sub: 'ada', exp: 4e9 } })));
        expect(response.status).to.equal(500);
        expect(response.headers).not.to.have.property('www-authenticate');
      });
    }
  });

  it('is an error for getCurrentUser, too', async () => {
    const failure = new Error('the database is down');
    const manager = new LoginManager(SECRET, null);
    manager.userLoader()(() => Promise.reject(failure));
    expect(await rejection(manager.getCurrentUser(forge({ payload: { sub: 'ada', exp: 4e9 } })))).to.equal(failure);
  });
});

describe('manager.userLoader', () => {
  const token = forge({ payload: { sub: 'ada', exp: 4e9 } });

  it('takes a plain function, which stays callable with all its arguments', async () => {
    const manager = new LoginManager<Called>(SECRET, '/login');
    const db = { name: 'db' };
    const find = (sub: string, one: object, { two }: { two: number }) => called(sub, one, two);
    expect(manager.userLoader(db, { two: 2 })(find)).to.equal(find);
    expect(await manager.getCurrentUser(token)).to.deep.equal(called('ada', db, 2));
    expect(find('bob', {}, { two: 3 })).to.deep.equal(called('bob', {}, 3));
  });

  it('is of one manager: another has its own', async () => {
    const [one, other] = [new LoginManager<Called>(SECRET, '/login'), new LoginManager<Called>(SECRET, '/login')];
    one.userLoader()((sub: string) => called('one', sub));
    other.userLoader()((sub: string) => called('other', sub));
    expect(await one.getCurrentUser(token)).to.deep.equal(called('one', 'ada'));
    expect(await other.getCurrentUser(token)).to.deep.equal(called('other', 'ada'));
  });

  it('cannot be called twice, nor beside the option userLoader', () => {
    const manager = new LoginManager<Called>(SECRET, '/login');
    manager.userLoader()((sub: string) => called(sub));
    expect(() => manager.userLoader()((sub: string) => called(sub))).to.throw(
      ConfigurationError,
      'This manager already has a user loader; remove one of them',
    );
    expect(() => managerOf().userLoader()(() => null)).to.throw(ConfigurationError, 'already');
  });

  for (const fn of [undefined, null, {}, 'find']) {
    it(`cannot take ${nameOf(fn)} for a function`, () => {
      const manager = new LoginManager(SECRET, '/login');
      expect(() => manager.userLoader()(fn as never)).to.throw(ConfigurationError, /userLoader\(…extra\)\(fn\)/);
    });
  }
});
