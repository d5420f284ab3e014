import { expect } from 'chai';
import IoRedis, { Cluster } from 'ioredis';
import { createClient, createClientPool, createCluster } from 'redis';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { RedisSessionStore } from '../../../src/sessions/redis';
import { sessionStoreContract } from '../../../src/testing/index';
import { managerOf, tokenOf } from '../../support/accounts';
import { usingRedis } from '../../support/redis-server';
import { rejection, thrownBy } from '../../support/rejection';
import { fateOf } from '../../support/sessions';
import { until } from '../../support/until';
import { clients, clusters, connected, type OpenClientOf, usingCluster } from './clients';

const HOUR = 3_600_000;

describe('RedisSessionStore', function () {
  this.slow(1000);

  describe('on one server', () => {
    const redis = usingRedis();

    for (const [version, create] of Object.entries(clients)) {
      describe(`with ${version}`, () => {
        const client = connected(() => create(redis().url));
        const contract = sessionStoreContract(() => new RedisSessionStore(client()), { isShared: true });
        for (const { title, run } of contract) it(title, run);
      });
    }
  });

  describe('while the connection is down', () => {
    const redis = usingRedis();

    for (const version of ['redis 6', 'redis 5', 'ioredis']) {
      const create = clients[version] as OpenClientOf;

      it(`rejects at once, keeps no commands for later, and needs no listener to errors: ${version}`, async () => {
        const { client, connect, close } = create(redis().url);
        const store = new RedisSessionStore(client);
        await connect();
        await store.read('ada', ['a']);
        await redis().kill();
        await until(async () => (await rejection(store.read('ada', ['a']))).message.includes('is down'));
        for (const question of [
          () => store.read('ada', ['a']),
          () => store.write('ada', 'a', null, 'one', HOUR),
          () => store.age('ada', 'a'),
          () => store.list('ada'),
          () => store.publish('message'),
        ]) {
          const begin = performance.now();
          expect((await rejection(question())).message).to.equal('The connection to Redis is down');
          expect(performance.now() - begin).to.be.below(50);
        }
        await redis().start();
        await until(() =>
          store.read('ada', ['a']).then(
            () => true,
            () => false,
          ),
        );
        expect(await store.read('ada', ['a']), 'what was refused is not done later').to.deep.equal([null]);
        expect(await store.write('ada', 'a', null, 'one', HOUR)).to.equal(true);
        close();
      });
    }

    it('rejects what a client that was never connected is asked', async () => {
      for (const version of ['redis 6', 'redis 5']) {
        const store = new RedisSessionStore((clients[version] as OpenClientOf)(redis().url).client);
        await rejection(store.read('ada', ['a']));
        await rejection(store.write('ada', 'a', null, 'one', HOUR));
      }
    });
  });

  describe('on a cluster', () => {
    const redis = usingCluster();

    for (const [version, create] of Object.entries(clusters)) {
      describe(`with ${version}`, () => {
        const cluster = connected(() => create(redis().url));
        for (const { title, run } of sessionStoreContract(() => new RedisSessionStore(cluster()))) it(title, run);

        it('lets nobody in while the node is down, and heals', async () => {
          const manager = managerOf({ sessionStore: new RedisSessionStore(cluster()), storeTimeout: '100ms' });
          const token = tokenOf(manager);
          expect(await fateOf(manager, token)).to.equal('let in');
          await redis().kill();
          for (let time = 0; time < 3; time++) expect(await fateOf(manager, token)).to.equal('service_unavailable');
          await redis().start();
          await until(async () => (await fateOf(manager, token)) === 'let in');
        });
      });
    }
  });

  it('takes clients, pools and clusters as they are, for the compiler too', () => {
    const rootNodes = [{ url: 'redis://127.0.0.1' }];
    const lazy = { lazyConnect: true };
    const stores = [
      new RedisSessionStore(createClient()),
      new RedisSessionStore(createClient({ RESP: 3 })),
      new RedisSessionStore(createClientPool()),
      new RedisSessionStore(createCluster({ rootNodes })),
      new RedisSessionStore(createClient5()),
      new RedisSessionStore(createClient5({ RESP: 3 })),
      new RedisSessionStore(createCluster5({ rootNodes }), { prefix: 'app:' }),
      new RedisSessionStore(new IoRedis(lazy)),
      new RedisSessionStore(new Cluster(['redis://127.0.0.1'], lazy)),
    ];
    expect(stores).to.have.length(9);
  });

  it('refuses what is no client, and a promise of one', () => {
    for (const client of [undefined, null, {}, 'redis://127.0.0.1', Promise.resolve(createClient())]) {
      const error = thrownBy(() => new RedisSessionStore(client as never));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include('connect');
    }
  });
});
