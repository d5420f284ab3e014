import { expect } from 'chai';
import { createClient, createCluster } from 'redis';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { type RedisClient, RedisSessionStore } from '../../../src/redis';
import { sessionStoreContract } from '../../../src/testing/index';
import { managerOf, tokenOf } from '../../support/accounts';
import { usingRedis } from '../../support/redis-server';
import { rejection, thrownBy } from '../../support/rejection';
import { fateOf } from '../../support/sessions';

/** What every client has beside what the store uses. */
interface Connected extends RedisClient {
  connect(): Promise<unknown>;
  destroy(): void | Promise<void>;
}

const HOUR = 3_600_000;

/** `once` of Node would reject at the errors that come with it. */
function happened(client: RedisClient, event: string): Promise<void> {
  return new Promise((resolve) => client.on?.(event as 'error', () => resolve()));
}

/** A client for the suite, connected. */
function connected<C extends Connected>(create: () => C): () => C {
  let client: C;
  before(async () => {
    client = create();
    await client.connect();
  });
  after(() => client?.destroy());
  return () => client;
}

describe('RedisSessionStore', function () {
  this.slow(1000);

  describe('on one server', () => {
    const redis = usingRedis();
    const socket = { reconnectStrategy: 10 };

    for (const [version, create] of Object.entries({
      'redis 6': () => createClient({ url: redis().url, socket }) as Connected,
      'redis 5': () => createClient5({ url: redis().url, socket }) as Connected,
    })) {
      describe(`with the package ${version}`, () => {
        const client = connected(create);
        const contract = sessionStoreContract(() => new RedisSessionStore(client()), {
          createUnreachable: () => new RedisSessionStore(create()), // which was never connected
        });
        for (const { title, run } of contract) it(title, run);
      });
    }

    describe('its commands', () => {
      const client = connected(() => createClient({ url: redis().url, socket }));

      /** How often each command was called by clients meanwhile; what a script calls is counted too. */
      async function commandsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
        await client().sendCommand(['CONFIG', 'RESETSTAT']);
        await work();
        const info = String(await client().info('commandstats'));
        const counts = [...info.matchAll(/^cmdstat_([\w|-]+):calls=(\d+)/gm)].map(([, name, calls]) => [
          name,
          Number(calls),
        ]);
        return Object.fromEntries(counts.filter(([name]) => !/^(config|info)/.test(String(name))));
      }

      it('are one round trip for a check', async () => {
        const manager = managerOf({ sessionStore: new RedisSessionStore(client()) });
        const { access_token } = await manager.createTokenResponse({ data: { sub: 'ada@example.com' }, refresh: true });
        const commands = await commandsOf(async () => {
          for (let time = 0; time < 10; time++) expect(await fateOf(manager, access_token)).to.equal('let in');
        });
        expect(commands).to.deep.equal({ mget: 10 });
      });

      it('are none for a token that is bad anyway', async () => {
        const manager = managerOf({ sessionStore: new RedisSessionStore(client()) });
        expect(await commandsOf(() => fateOf(manager, 'garbage'))).to.deep.equal({});
        expect(await commandsOf(() => new RedisSessionStore(client()).revokedAt([]))).to.deep.equal({});
      });

      it('are one atomic script for a revocation', async () => {
        const store = new RedisSessionStore(client());
        const commands = await commandsOf(() => store.revoke('counted', 1, Date.now() + HOUR));
        expect(commands).to.deep.equal({ eval: 1, get: 1, set: 1 });
      });

      it('are two for a refresh: a check, and the use of the token', async () => {
        const manager = managerOf({ sessionStore: new RedisSessionStore(client()) });
        const { refresh_token = '' } = await manager.createTokenResponse({
          data: { sub: 'ada@example.com' },
          refresh: true,
        });
        const commands = await commandsOf(() => manager.refresh(refresh_token));
        expect(commands).to.deep.equal({ mget: 1, eval: 1, get: 1, set: 1 });
      });

      it('give an entry the prefix, and the expiry of the token', async () => {
        const expiresAt = Date.now() + HOUR + 123;
        await new RedisSessionStore(client()).revoke('usual', 7, expiresAt);
        await new RedisSessionStore(client(), { prefix: 'my app:' }).revoke('usual', 8, expiresAt);
        expect(await client().pExpireTime('login:usual')).to.equal(expiresAt);
        expect(await client().pExpireTime('my app:usual')).to.equal(expiresAt);
        await new RedisSessionStore(client()).revoke('usual', 7, expiresAt + 5);
        await new RedisSessionStore(client()).revoke('usual', 7, expiresAt - 5);
        expect(await client().pExpireTime('login:usual')).to.equal(expiresAt + 5);
      });

      it('leave applications with other prefixes alone', async () => {
        const [one, other] = ['a:', 'b:'].map((prefix) => new RedisSessionStore(client(), { prefix }));
        await one?.revoke('x', 1, Date.now() + HOUR);
        expect(await other?.revokedAt(['x'])).to.deep.equal([null]);
      });

      it('keep nothing without an expiry: what a manager revokes goes by itself', async () => {
        await client().flushAll();
        const manager = managerOf({ sessionStore: new RedisSessionStore(client()) });
        const token = tokenOf(manager);
        const { refresh_token = '' } = await manager.createTokenResponse({ data: { sub: 'a' }, refresh: true });
        for (const one of [token, refresh_token]) await manager.revoke(one);
        await manager.revokeAll('ada@example.com');
        const keys = await client().keys('*');
        expect(keys).to.have.length(3);
        for (const key of keys) expect(await client().pTTL(key)).to.be.within(1, 30 * 24 * HOUR + 1000);
      });

      it('reject a value that another program put there', async () => {
        await client().set('login:odd', 'garbage');
        await rejection(new RedisSessionStore(client()).revoke('odd', 1, Date.now() + HOUR));
        const manager = managerOf({ sessionStore: new RedisSessionStore(client(), { prefix: 'odd:' }) });
        await client().set('odd:subject:ada@example.com', 'garbage');
        expect(await fateOf(manager, tokenOf(manager))).to.equal('service_unavailable');
      });
    });

    describe('while the connection is down', () => {
      const client = connected(() => createClient({ url: redis().url, socket }));

      it('rejects at once, keeps no commands for later, and lives on without a listener to errors', async () => {
        const store = new RedisSessionStore(client());
        const lost = happened(client(), 'reconnecting');
        await redis().kill();
        await lost;
        for (const question of [() => store.revokedAt(['a']), () => store.revoke('a', 1, Date.now() + HOUR)]) {
          const begin = performance.now();
          expect((await rejection(question())).message).to.include('Redis');
          expect(performance.now() - begin).to.be.below(50);
        }
        const ready = happened(client(), 'ready');
        await redis().start();
        await ready;
        expect(await store.revokedAt(['a']), 'what was refused is not done later').to.deep.equal([null]);
        expect(await store.revoke('a', 1, Date.now() + HOUR)).to.equal(true);
      });
    });
  });

  describe('on a cluster', () => {
    const redis = usingRedis('--cluster-enabled', 'yes');

    before(async () => {
      const node = createClient({ url: redis().url });
      await node.connect();
      await node.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
      while (!String(await node.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok')) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      node.destroy();
    });

    for (const [version, create] of Object.entries({
      'redis 6': () => createCluster({ rootNodes: [{ url: redis().url }] }) as Connected,
      'redis 5': () => createCluster5({ rootNodes: [{ url: redis().url }] }) as Connected,
    })) {
      describe(`with the package ${version}`, () => {
        const cluster = connected(create);
        for (const { title, run } of sessionStoreContract(() => new RedisSessionStore(cluster()))) it(title, run);

        it('lets nobody in while the node is down, and heals', async () => {
          const manager = managerOf({ sessionStore: new RedisSessionStore(cluster()), storeTimeout: '100ms' });
          const token = tokenOf(manager);
          expect(await fateOf(manager, token)).to.equal('let in');
          await redis().kill();
          for (let time = 0; time < 3; time++) expect(await fateOf(manager, token)).to.equal('service_unavailable');
          await redis().start();
          while ((await fateOf(manager, token)) !== 'let in');
        });
      });
    }
  });

  it('takes clients and clusters of redis 5 and 6 as they are, for the compiler too', () => {
    const stores = [
      new RedisSessionStore(createClient()),
      new RedisSessionStore(createClient({ RESP: 3 })),
      new RedisSessionStore(createCluster({ rootNodes: [{ url: 'redis://127.0.0.1' }] })),
      new RedisSessionStore(createClient5()),
      new RedisSessionStore(createClient5({ RESP: 3 })),
      new RedisSessionStore(createCluster5({ rootNodes: [{ url: 'redis://127.0.0.1' }] }), { prefix: 'app:' }),
    ];
    expect(stores).to.have.length(6);
  });

  it('refuses what is no client, and a promise of one', () => {
    for (const client of [undefined, null, {}, 'redis://127.0.0.1', Promise.resolve(createClient())]) {
      const error = thrownBy(() => new RedisSessionStore(client as never));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include('connect');
    }
  });
});
