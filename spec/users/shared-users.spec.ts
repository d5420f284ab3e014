import { mock } from 'node:test';
import { expect } from 'chai';
import { type Action, Authorized, type ClassConstructor, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { inject } from '../../src/users/inject';
import { UserCache } from '../../src/users/user-cache';
import { UserLoader } from '../../src/users/user-loader';
import { SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { usingContainer } from '../support/container';
import { bearer } from '../support/http';
import { onEachServer } from '../support/servers';

const shared = { userCache: { max: 10, maxAge: '10s' } } as const;

/** The tenant of a request, or of none. */
class Tenant {
  constructor(readonly name: string) {}
}

class Injected {
  @UserLoader(inject(Tenant))
  find(email: string, tenant: Tenant) {
    return { email, tenant: tenant.name };
  }
}

class InjectedProperty {
  @UserLoader({ tenant: inject(Tenant) })
  find(email: string, { tenant }: { tenant: Tenant }) {
    return { email, tenant: tenant.name };
  }
}

class OfTenant {
  constructor(private readonly tenant = new Tenant('none')) {}

  @UserLoader()
  find(email: string) {
    return { email, tenant: this.tenant.name };
  }
}

@JsonController()
class Me {
  @Authorized()
  @Get('/me')
  me(@CurrentUser() user: object) {
    return user;
  }
}

describe('users that are shared between requests, with a container of each request', () => {
  const nameOfTenant = (action?: Action): string => action?.request.headers['x-tenant'] ?? 'none';

  usingContainer(() => ({
    get: <T>(type: ClassConstructor<T>, action?: Action): T => {
      const tenant = new Tenant(nameOfTenant(action));
      const known: unknown = type === (Tenant as unknown) ? tenant : new (type as new (tenant: Tenant) => T)(tenant);
      return known as T;
    },
  }));

  onEachServer((start) => {
    for (const userLoader of [Injected, InjectedProperty, OfTenant]) {
      const serve = async (options: object) => {
        const manager = new LoginManager<object>(SECRET, '/login', { userLoader, ...options });
        const { client } = await start({ manager, controllers: [Me] });
        const token = bearer(manager.createAccessToken({ data: { sub: 'ada' } }));
        return async (tenant: string) => (await client.get('/me').set(token).set('X-Tenant', tenant)).body.tenant;
      };

      it(`are loaded by ${userLoader.name} without the request, so that no tenant sees another's`, async () => {
        const ask = await serve(shared);
        expect([await ask('one'), await ask('two')]).to.deep.equal(['none', 'none']);
      });

      it(`are loaded by ${userLoader.name} for the request where nothing is shared`, async () => {
        const ask = await serve({});
        expect([await ask('one'), await ask('two')]).to.deep.equal(['one', 'two']);
      });
    }
  });
});

describe('a load of a shared user that never settles', () => {
  const MAX_AGE = 10_000;
  const never = new Promise<never>(() => undefined);
  const context = { action: undefined, payload: { sub: 'ada', exp: 4e9 } };

  /** A loader that does not answer the first calls. */
  function cacheWith(unanswered: number, maxAge = MAX_AGE) {
    const clock = new TestClock();
    let calls = 0;
    const load = () => {
      calls++;
      return calls <= unanswered ? never : Promise.resolve({ call: calls });
    };
    return { cache: new UserCache({ load }, { max: 10, maxAge }, clock.tell), clock, calls: () => calls };
  }

  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('is given up for requests that come after maxAge', async () => {
    const { cache, clock } = cacheWith(1);
    cache.load(context);
    clock.advance(MAX_AGE / 1000);
    expect(await cache.load(context)).to.deep.equal({ call: 2 });
  });

  it('is given up by requests that wait for it, after maxAge, for one new load', async () => {
    const { cache, clock, calls } = cacheWith(1);
    cache.load(context);
    const waiting = [cache.load(context), cache.load(context), cache.load(context)];
    clock.advance(MAX_AGE / 1000);
    mock.timers.tick(MAX_AGE - 1);
    await settle();
    expect(calls()).to.equal(1);
    mock.timers.tick(1);
    expect(await Promise.all(waiting)).to.deep.equal([{ call: 2 }, { call: 2 }, { call: 2 }]);
    expect(calls()).to.equal(2);
  });

  it('is given up again and again, one call in each maxAge', async () => {
    const { cache, clock, calls } = cacheWith(3);
    cache.load(context);
    const settled: unknown[] = [];
    for (let request = 0; request < 10; request++)
      Promise.resolve(cache.load(context)).then((user) => settled.push(user));
    for (let time = 1; time <= 3; time++) {
      clock.advance(MAX_AGE / 1000);
      mock.timers.tick(MAX_AGE);
      await settle();
      expect(calls()).to.equal(time + 1);
    }
    // The two that started a load that hangs wait for their own.
    expect(settled).to.have.length(8);
  });

  it('does not replace the user that was loaded instead, should it settle at last', async () => {
    const clock = new TestClock();
    const answers: ((user: object) => void)[] = [];
    const load = () => new Promise<object>((resolve) => answers.push(resolve));
    const cache = new UserCache({ load }, { max: 10, maxAge: MAX_AGE }, clock.tell);
    cache.load(context);
    clock.advance(MAX_AGE / 1000);
    const second = cache.load(context);
    answers[1]?.({ call: 2 });
    await second;
    answers[0]?.({ call: 1 });
    await settle();
    expect(cache.load(context)).to.deep.equal({ call: 2 });
  });

  it('is waited for however long maxAge is', async () => {
    const { cache, calls } = cacheWith(1, 2 ** 40);
    cache.load(context);
    Promise.resolve(cache.load(context));
    mock.timers.tick(1000);
    await settle();
    expect(calls()).to.equal(1);
  });

  it('leaves no timer behind when it settles', async () => {
    const { cache } = cacheWith(0);
    await cache.load(context);
    mock.timers.tick(MAX_AGE);
    expect(cache.load(context)).to.deep.equal({ call: 1 });
  });

  it('keeps no user while the clock tells no time', async () => {
    const { cache, clock, calls } = cacheWith(0);
    clock.now = Number.NaN;
    await Promise.all([cache.load(context), cache.load(context)]);
    await cache.load(context);
    expect(calls()).to.equal(3);
  });
});
