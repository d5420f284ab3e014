import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { LoginManager } from '../../../src/manager/login-manager';
import { RedisSessionStore } from '../../../src/sessions/redis';
import { SECRET } from '../../support/accounts';
import { usingRedis } from '../../support/redis-server';
import { until } from '../../support/until';
import { clients, clusters, connected, type OpenClientOf, usingCluster } from './clients';

const run = promisify(execFile);

describe('messages through Redis', function () {
  this.slow(2000);

  const redis = usingRedis();

  for (const [version, create] of Object.entries(clients)) {
    describe(`with ${version}`, () => {
      const client = connected(() => create(redis().url));
      const other = connected(() => create(redis().url));

      it('reach the listeners of every client, its own too', async () => {
        const heard: string[] = [];
        const ends = [];
        for (const one of [client, other]) {
          ends.push(await new RedisSessionStore(one()).subscribe((message) => heard.push(message)));
        }
        await new RedisSessionStore(other()).publish('hello');
        await until(() => heard.length === 2);
        for (const end of ends) await end();
        await new RedisSessionStore(other()).publish('nobody listens');
        expect(heard).to.deep.equal(['hello', 'hello']);
      });

      it('stay with their prefix', async () => {
        const heard: string[] = [];
        const end = await new RedisSessionStore(client(), { prefix: 'a:' }).subscribe((message) => heard.push(message));
        await new RedisSessionStore(other(), { prefix: 'b:' }).publish('of b');
        await new RedisSessionStore(other(), { prefix: 'a:' }).publish('of a');
        await until(() => heard.length > 0);
        await end();
        expect(heard).to.deep.equal(['of a']);
      });

      it('have a user loaded again by another server', async () => {
        const loads: string[] = [];
        const servers = [client, other].map(
          (one) =>
            new LoginManager<{ sub: string }>(SECRET, '/login', {
              sessionStore: new RedisSessionStore(one(), { prefix: 'users:' }),
              userCache: { max: 10, maxAge: '1h' },
            }),
        );
        for (const server of servers)
          server.userLoader()((sub: string) => {
            loads.push(sub);
            return { sub };
          });
        const [one, two] = servers as [LoginManager<{ sub: string }>, LoginManager<{ sub: string }>];
        const { access_token } = await one.createTokenResponse({ data: { sub: 'ada' } });
        for (const server of [one, two, one, two]) await server.getCurrentUser(access_token);
        expect(loads).to.have.length(2);
        await until(async () => {
          one.forgetUser('ada');
          await new Promise((resolve) => setTimeout(resolve, 20));
          const before = loads.length;
          await two.getCurrentUser(access_token);
          return loads.length > before;
        });
      });
    });
  }

  it('begin with a client that is connected later', async () => {
    const { client, connect, close } = (clients['redis 6'] as OpenClientOf)(redis().url);
    const heard: string[] = [];
    const end = await new RedisSessionStore(client).subscribe((message) => heard.push(message));
    await connect();
    await new RedisSessionStore(client).publish('hello');
    await until(() => heard.length === 1);
    await end();
    close();
  });

  describe('do not hold the process when the application has closed its client', () => {
    for (const version of Object.keys(clients)) {
      it(`with ${version}`, async () => {
        const script = join(__dirname, 'fixtures/closing.js');
        const { stdout, stderr } = await run(process.execPath, [script, version, redis().url], { timeout: 8000 });
        expect([stdout.trim(), stderr]).to.deep.equal(['closed', '']);
      });
    }
  });
});

describe('messages through a cluster of Redis', function () {
  this.slow(2000);

  const redis = usingCluster();

  for (const [version, create] of Object.entries(clusters)) {
    describe(`with ${version}`, () => {
      const client = connected(() => create(redis().url));
      const other = connected(() => create(redis().url));

      it('reach the listeners of another client', async () => {
        const heard: string[] = [];
        const end = await new RedisSessionStore(client()).subscribe((message) => heard.push(message));
        await new RedisSessionStore(other()).publish('hello');
        await until(() => heard.length === 1);
        await end();
      });
    });
  }
});
