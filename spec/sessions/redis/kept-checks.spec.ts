import { expect } from 'chai';
import IoRedis from 'ioredis';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { type RedisClient, RedisSessionStore } from '../../../src/sessions/redis';
import { usingRedis } from '../../support/redis-server';
import { thrownBy } from '../../support/rejection';
import { ENDED, fateOf, type Pair, refusalOf, Sessions } from '../../support/sessions';
import { until } from '../../support/until';
import { clients, connected, type OpenClientOf } from './clients';

/** The longest that is allowed: within these specs nothing expires. */
const cacheFor = 5000;

/** A client that tells no other process of anything. */
const silent = (client: RedisClient): RedisClient =>
  new Proxy(client, {
    get(target, name) {
      if (name === 'publish') return async () => 0;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** Counts what is read. */
function counting(client: RedisClient): { client: RedisClient; reads: () => number } {
  let reads = 0;
  const counted = new Proxy(client, {
    get(target, name) {
      if (name === 'mGet' || name === 'mget') reads++;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { client: counted, reads: () => reads };
}

const sessionsOf = (client: RedisClient, prefix: string, options: object = { cacheFor }) =>
  new Sessions({ sessionStore: new RedisSessionStore(client, { prefix, ...options }) });

const endings: Record<string, (sessions: Sessions, pair: Pair) => Promise<unknown>> = {
  'revoke() of its access token': ({ manager }, { access_token }) => manager.revoke(access_token),
  'revoke() of its refresh token': ({ manager }, { refresh_token }) => manager.revoke(refresh_token),
  'revokeAll()': ({ manager }) => manager.revokeAll('ada@example.com'),
};

let prefixes = 0;
const freshPrefix = () => `kept-${++prefixes}:`;

describe('a RedisSessionStore with cacheFor', function () {
  this.slow(2000);

  const redis = usingRedis();

  for (const version of ['redis 6', 'ioredis']) {
    describe(`with ${version}`, () => {
      const create = clients[version] as OpenClientOf;
      const client = connected(() => create(redis().url));
      const other = connected(() => create(redis().url));

      for (const [what, end] of Object.entries(endings)) {
        it(`refuses a login at once that this process ends: ${what}`, async () => {
          const here = sessionsOf(client(), freshPrefix());
          const pair = await here.login();
          expect(await fateOf(here.manager, pair.access_token)).to.equal('let in');
          await end(here, pair);
          expect(await fateOf(here.manager, pair.access_token)).not.to.equal('let in');
        });

        it(`refuses a login soon that another process ends: ${what}`, async () => {
          const prefix = freshPrefix();
          const [here, there] = [sessionsOf(client(), prefix), sessionsOf(other(), prefix)];
          const pair = await here.login();
          expect(await fateOf(here.manager, pair.access_token)).to.equal('let in');
          await new Promise((resolve) => setTimeout(resolve, 50)); // until it listens
          const begin = performance.now();
          await end(there, pair);
          await until(async () => (await fateOf(here.manager, pair.access_token)) !== 'let in');
          expect(performance.now() - begin).to.be.below(cacheFor / 2);
        });
      }

      it('lets a login in for a while whose end it was not told of, and refuses its refresh token', async () => {
        const prefix = freshPrefix();
        const [here, there] = [sessionsOf(client(), prefix), sessionsOf(silent(other()), prefix)];
        const pair = await here.login();
        await fateOf(here.manager, pair.access_token);
        await there.manager.revoke(pair.refresh_token);
        expect(await fateOf(here.manager, pair.access_token)).to.equal('let in');
        expect(await refusalOf(here.refresh(pair))).to.equal(ENDED);
      });

      it('refuses it once that while has passed', async () => {
        const prefix = freshPrefix();
        const [here, there] = [sessionsOf(client(), prefix, { cacheFor: 50 }), sessionsOf(silent(other()), prefix)];
        const pair = await here.login();
        await fateOf(here.manager, pair.access_token);
        await there.manager.revoke(pair.refresh_token);
        await new Promise((resolve) => setTimeout(resolve, 51));
        expect(await fateOf(here.manager, pair.access_token)).not.to.equal('let in');
      });

      it('asks once for a login that comes often, and each time without cacheFor', async () => {
        const asked = await Promise.all(
          [{ cacheFor }, {}].map(async (options) => {
            const { client: counted, reads } = counting(client());
            const here = sessionsOf(counted, freshPrefix(), options);
            const { access_token } = await here.login();
            const before = reads();
            for (let time = 0; time < 10; time++) await fateOf(here.manager, access_token);
            return reads() - before;
          }),
        );
        expect(asked).to.deep.equal([1, 10]);
      });
    });
  }

  describe('and a Redis user that may not subscribe', () => {
    const admin = connected(() => (clients['redis 6'] as OpenClientOf)(redis().url));
    const send = (...words: string[]) =>
      (admin() as unknown as { sendCommand(words: string[]): Promise<unknown> }).sendCommand(words);
    const muted = (create: OpenClientOf) => create(redis().url.replace('//', '//muted:any@'));

    before(() => send('ACL', 'SETUSER', 'muted', 'on', 'nopass', '~*', '+@all', 'resetchannels'));

    for (const version of ['redis 6', 'ioredis']) {
      const client = connected(() => muted(clients[version] as OpenClientOf));

      it(`opens no connection with each check: ${version}`, async () => {
        const here = sessionsOf(client(), freshPrefix(), { cacheFor: 0.001 });
        const { access_token } = await here.login();
        for (let time = 0; time < 10; time++) expect(await fateOf(here.manager, access_token)).to.equal('let in');
        const connections = async () => String(await send('CLIENT', 'LIST')).split('user=muted').length - 1;
        await until(async () => (await connections()) === 2); // one of each version
      });
    }
  });

  describe('and an ioredis client without an offline queue', () => {
    const create: OpenClientOf = (url) => {
      const client = new IoRedis(url, { lazyConnect: true, enableOfflineQueue: false });
      return { client, connect: () => client.connect(), close: () => client.disconnect() };
    };
    const client = connected(() => create(redis().url));
    const other = connected(() => create(redis().url));

    it('is told what other processes end', async () => {
      const prefix = freshPrefix();
      const [here, there] = [sessionsOf(client(), prefix), sessionsOf(other(), prefix)];
      const pair = await here.login();
      await fateOf(here.manager, pair.access_token);
      const channels = async () => String(await (client() as IoRedis).call('PUBSUB', 'CHANNELS', `${prefix}*`));
      await until(async () => (await channels()).includes('changes'));
      const begin = performance.now();
      await there.manager.revoke(pair.refresh_token);
      await until(async () => (await fateOf(here.manager, pair.access_token)) !== 'let in');
      expect(performance.now() - begin).to.be.below(cacheFor / 2);
    });
  });

  it('is refused if that is no time, or longer than 5 seconds', () => {
    const client = { status: 'ready', eval() {}, mget() {}, on() {} };
    for (const bad of [-1, 5001, Number.NaN, Number.POSITIVE_INFINITY, '1s', null]) {
      const error = thrownBy(() => new RedisSessionStore(client as never, { cacheFor: bad as number }));
      expect(error, String(bad)).to.be.instanceOf(ConfigurationError);
      expect(error.message).to.match(/^cacheFor must be a number of milliseconds from 0 to 5000; leave it out/);
    }
  });
});
