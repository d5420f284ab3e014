import { expect } from 'chai';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { HttpError } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { InvalidGrantError } from '../../src/errors/oauth2-error';
import type { TokenEndpointsOptions } from '../../src/oauth2/endpoint-options';
import type { Limiter } from '../../src/oauth2/login-limiter';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { managerOf } from '../support/accounts';
import { usingRedis } from '../support/redis-server';
import { thrownBy } from '../support/rejection';
import { type App, closeServers, onEachServer, type Start, starter, trustProxy } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const RIGHT = 'correct horse';

type Options = Omit<TokenEndpointsOptions, 'verifyPassword'> & Partial<TokenEndpointsOptions>;

async function serve(start: Start, options: Options, before?: (app: App) => void) {
  const manager = managerOf();
  const endpoints = tokenEndpoints(manager, {
    verifyPassword: (sub, password) => (password === RIGHT ? { data: { sub } } : null),
    ...options,
  });
  const { client } = await start({ manager, controllers: [endpoints], ...(before && { before }) });
  return (password: string, username = 'ada', headers: Record<string, string> = {}) =>
    client.post('/login').type('form').set(headers).send({ username, password });
}

const statuses = async (...requests: (() => PromiseLike<{ status: number }>)[]) => {
  const found: number[] = [];
  for (const request of requests) found.push((await request()).status);
  return found;
};

/** A limiter that writes down what it is asked, and lets everything pass. */
function recorder() {
  const asked: string[] = [];
  const limiter: Limiter = {
    consume: (key) => asked.push(`consume ${key}`),
    reward: (key) => asked.push(`reward ${key}`),
  };
  return { limiter, asked };
}

describe('the limiter of the token endpoint', () => {
  onEachServer((start, framework) => {
    it('counts failed logins alone, and answers 429 with Retry-After', async () => {
      const login = await serve(start, { limiter: new RateLimiterMemory({ points: 3, duration: 900 }) });
      for (let time = 0; time < 10; time++) expect((await login(RIGHT)).status).to.equal(200);
      expect(await statuses(...[1, 2, 3].map(() => () => login('wrong')))).to.deep.equal([400, 400, 400]);
      const refused = await login(RIGHT);
      expect([refused.status, refused.body]).to.deep.equal([
        429,
        {
          name: 'TooManyAttemptsError',
          message: 'Too many attempts; try again later',
          code: 'too_many_attempts',
        },
      ]);
      expect(Number(refused.get('Retry-After'))).to.be.within(890, 900);
      expect(refused.get('Cache-Control')).to.equal('no-store');
    });

    it('is asked for the address and for the account, before the password is verified', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, {
        limiter,
        verifyPassword: () => {
          asked.push('verify');
          return null;
        },
      });
      await login('wrong');
      expect(asked).to.deep.equal(['consume address:127.0.0.1', 'consume account:ada', 'verify']);
    });

    it('counts the client’s own address behind a proxy that is trusted', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, { limiter }, trustProxy);
      await login('wrong', 'ada', { 'X-Forwarded-For': '203.0.113.7' });
      await login('wrong', 'ada', { 'X-Forwarded-For': '2001:db8:1:2:3:4:5:6' });
      await login('wrong', 'ada', { 'X-Forwarded-For': '::ffff:203.0.113.7' });
      await login('wrong', 'ada', { 'X-Forwarded-For': '203.0.113.7:51234' });
      await login('wrong', 'ada', { 'X-Forwarded-For': '[2001:db8:1:2:3:4:5:6]:51234' });
      const addresses = asked.filter((one) => one.includes('address')).map((one) => one.split('address:')[1]);
      expect(addresses).to.deep.equal([
        '203.0.113.7',
        '2001:db8:1:2::/64',
        '203.0.113.7',
        '203.0.113.7',
        '2001:db8:1:2::/64',
      ]);
    });

    it('believes no forwarded address of its own accord', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, { limiter });
      await login('wrong', 'ada', { 'X-Forwarded-For': '203.0.113.7' });
      expect(asked).to.include('consume address:127.0.0.1');
    });

    it('takes a login back whose password is right, whatever becomes of it', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, { limiter });
      expect((await login(RIGHT)).status).to.equal(200);
      expect((await login(RIGHT).send({ scope: 'admin' })).body.error).to.equal('invalid_scope');
      const rewards = ['reward address:127.0.0.1', 'reward account:ada'];
      expect(asked.filter((one) => one.startsWith('reward'))).to.deep.equal([...rewards, ...rewards]);
    });

    describe('where verifyPassword throws', () => {
      silencingStderr();

      it('takes a login back that could not be checked', async () => {
        for (const error of [new HttpError(503, 'down'), new Error('down')]) {
          const { limiter, asked } = recorder();
          const login = await serve(start, { limiter, verifyPassword: () => Promise.reject(error) });
          expect((await login(RIGHT)).status).to.be.within(500, 503);
          expect(asked.slice(2)).to.deep.equal(['reward address:127.0.0.1', 'reward account:ada']);
        }
      });

      it('counts every way to refuse a login', async () => {
        for (const verifyPassword of [
          () => null,
          () => Promise.reject(new InvalidGrantError('Locked')),
          () => Promise.reject(new HttpError(401, 'no')),
          () => {
            throw new HttpError(422, 'no');
          },
        ]) {
          const { limiter, asked } = recorder();
          const login = await serve(start, { limiter, verifyPassword });
          expect((await login('wrong')).status).to.be.within(400, 499);
          expect(asked).to.have.length(2);
        }
      });
    });

    it('is not asked for a request that is no login', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, { limiter });
      expect((await login('')).status).to.equal(400);
      expect((await login(RIGHT, '')).status).to.equal(400);
      expect(asked).to.deep.equal([]);
    });

    it('counts the spellings of a name together', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, { limiter });
      for (const name of ['Ada', ' ada ', 'ａｄａ']) await login('wrong', name);
      expect(new Set(asked.filter((one) => one.includes('account')))).to.deep.equal(new Set(['consume account:ada']));
    });

    it('keeps the keys of long names short', async () => {
      const { limiter, asked } = recorder();
      await (await serve(start, { limiter }))('wrong', 'a'.repeat(10_000));
      expect(Math.max(...asked.map((one) => one.length))).to.be.below(300);
    });

    it('may be another for the account than for the address', async () => {
      const account = new RateLimiterMemory({ keyPrefix: 'a', points: 2, duration: 900 });
      const address = new RateLimiterMemory({ keyPrefix: 'b', points: 4, duration: 900 });
      const login = await serve(start, { limiter: { account, address } });
      const tries = ['ada', 'ada', 'ada', 'bob', 'bob', 'eve'].map((name) => () => login('wrong', name));
      // The third attempt at Ada's account is refused, and does not count for the address.
      expect(await statuses(...tries)).to.deep.equal([400, 400, 429, 400, 400, 429]);
      expect((await address.get('address:127.0.0.1'))?.consumedPoints).to.equal(5);
      expect(await account.get('account:eve'), 'an address over its limit locks no account').to.equal(null);
    });

    it('holds attempts at the same time to the limit, too', async () => {
      let verified = 0;
      const login = await serve(start, {
        limiter: new RateLimiterMemory({ points: 5, duration: 900 }),
        verifyPassword: async () => {
          verified++;
          await new Promise(setImmediate);
          return null;
        },
      });
      const found = await Promise.all(Array.from({ length: 20 }, async () => (await login('wrong')).status));
      expect(found.filter((status) => status === 429)).to.have.length(15);
      expect(verified).to.equal(5);
    });

    it('lets nobody in while it is down, wrong or silent: 503', async () => {
      const down: Record<string, Limiter> = {
        'rejects with an error': { consume: () => Promise.reject(new Error('ECONNREFUSED')) },
        'rejects with nothing': { consume: () => Promise.reject() },
        'rejects with null': { consume: () => Promise.reject(null) },
        throws: {
          consume: () => {
            throw new Error('closed');
          },
        },
        'rejects with a text for a time': { consume: () => Promise.reject({ msBeforeNext: '60' }) },
        'never answers': { consume: () => new Promise(() => undefined) },
      };
      for (const [name, limiter] of Object.entries(down)) {
        let verified = false;
        const verifyPassword = () => {
          verified = true;
          return { data: { sub: 'ada' } };
        };
        const login = await serve(start, { limiter, limiterTimeout: '20ms', verifyPassword });
        const { status, body, headers } = await login(RIGHT);
        expect([status, body.code, verified], name).to.deep.equal([503, 'service_unavailable', false]);
        expect(headers).to.have.property('retry-after');
      }
    });

    it('refuses where it answers false', async () => {
      const login = await serve(start, { limiter: { consume: async () => false } });
      expect((await login(RIGHT)).status).to.equal(429);
    });

    it('does not undo a login where it fails afterwards', async () => {
      for (const reward of [() => Promise.reject(new Error('down')), () => new Promise(() => undefined)]) {
        const login = await serve(start, { limiter: { consume: () => 1, reward }, limiterTimeout: '20ms' });
        expect((await login(RIGHT)).status).to.equal(200);
      }
    });

    it('counts right logins, too, where it cannot take an attempt back', async () => {
      const memory = new RateLimiterMemory({ points: 2, duration: 900 });
      const login = await serve(start, { limiter: { consume: (key) => memory.consume(key) } });
      expect(
        await statuses(
          () => login(RIGHT),
          () => login(RIGHT),
          () => login(RIGHT),
        ),
      ).to.deep.equal([200, 200, 429]);
    });

    it('has no part in a refresh', async () => {
      const { limiter, asked } = recorder();
      const login = await serve(start, { limiter });
      expect((await login(RIGHT).send({ grant_type: 'refresh_token' })).status).to.equal(400);
      expect(asked).to.deep.equal([]);
    });

    if (framework !== 'Koa') {
      it('tells nobody the account by the answer: unknown ones are limited alike', async () => {
        const login = await serve(start, { limiter: { account: new RateLimiterMemory({ points: 1, duration: 900 }) } });
        const [first, second] = [await login('wrong', 'ada'), await login('wrong', 'nobody')];
        expect(first.body).to.deep.equal(second.body);
        expect(
          await statuses(
            () => login('wrong', 'ada'),
            () => login('wrong', 'nobody'),
          ),
        ).to.deep.equal([429, 429]);
      });
    }
  });

  for (const limiter of [null, {}, 'memory', () => undefined, { account: {} }, { consume: 5 }, { address: null }]) {
    it(`is refused at construction if it is ${JSON.stringify(limiter) ?? 'a function'}`, () => {
      const error = thrownBy(() =>
        tokenEndpoints(managerOf(), { verifyPassword: () => null, limiter: limiter as never }),
      );
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include('consume(key)');
    });
  }

  describe('on Redis', () => {
    const redis = usingRedis();
    silencingStderr();
    afterEach(closeServers);

    it('counts for all servers together, and lets nobody in while Redis is gone', async () => {
      const clients = [1, 2].map(() => createClient({ url: redis().url, socket: { reconnectStrategy: false } }));
      for (const client of clients) client.on('error', () => undefined);
      await Promise.all(clients.map((client) => client.connect()));
      const logins = await Promise.all(
        clients.map((storeClient) => {
          const limiter = new RateLimiterRedis({ storeClient, useRedisPackage: true, points: 3, duration: 900 });
          return serve(starter('Express 5'), { limiter });
        }),
      );
      const [one, other] = logins as [(typeof logins)[0], (typeof logins)[0]];
      for (let time = 0; time < 6; time++) expect((await one(RIGHT)).status).to.equal(200);
      expect(
        await statuses(
          () => one('wrong'),
          () => other('wrong'),
          () => one('wrong'),
          () => other(RIGHT),
        ),
      ).to.deep.equal([400, 400, 400, 429]);
      await redis().kill();
      expect((await one(RIGHT)).status).to.equal(503);
      for (const client of clients) client.destroy();
    });
  });
});
