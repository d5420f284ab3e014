import { expect } from 'chai';
import { createClient } from 'redis';
import { RedisSessionStore } from '../../../src/sessions/redis';
import { managerOf } from '../../support/accounts';
import { usingRedis } from '../../support/redis-server';
import { rejection } from '../../support/rejection';
import { fateOf } from '../../support/sessions';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ada = { data: { sub: 'ada@example.com' }, refresh: true };

describe('the commands of RedisSessionStore', () => {
  const redis = usingRedis();
  let client: ReturnType<typeof connect>;

  function connect() {
    return createClient({ url: redis().url });
  }

  before(async () => {
    client = connect();
    await client.connect();
  });
  beforeEach(() => client.flushAll());
  after(() => client?.destroy());

  const managerWith = (prefix?: string) =>
    managerOf({ sessionStore: new RedisSessionStore(client, prefix ? { prefix } : {}), refreshLeeway: 0 });

  /** How often each command was sent meanwhile; what a script calls is not counted. */
  async function roundTrips(work: () => Promise<unknown>): Promise<Record<string, number>> {
    await client.sendCommand(['CONFIG', 'RESETSTAT']);
    await work();
    const info = String(await client.info('commandstats'));
    const counts = [...info.matchAll(/^cmdstat_([\w|-]+):calls=(\d+)/gm)].map(([, name, calls]) => [
      name,
      Number(calls),
    ]);
    return Object.fromEntries(counts.filter(([name]) => /^(mget|eval|evalsha)$/.test(String(name))));
  }

  it('are one round trip for a check', async () => {
    const manager = managerWith();
    const { access_token } = await manager.createTokenResponse(ada);
    const commands = await roundTrips(async () => {
      for (let time = 0; time < 10; time++) expect(await fateOf(manager, access_token)).to.equal('let in');
    });
    expect(commands).to.deep.equal({ mget: 10 });
  });

  it('are none for a token that is bad anyway', async () => {
    const manager = managerWith();
    expect(await roundTrips(() => fateOf(manager, 'garbage'))).to.deep.equal({});
  });

  it('are one atomic script for a write', async () => {
    const store = new RedisSessionStore(client);
    expect(await roundTrips(() => store.write('ada', 'a', null, 'one', HOUR))).to.deep.equal({ eval: 1 });
  });

  it('are three for a refresh: a check, a check of the number, and the use of the token', async () => {
    const manager = managerWith();
    const { refresh_token = '' } = await manager.createTokenResponse(ada);
    expect(await roundTrips(() => manager.refresh(refresh_token))).to.deep.equal({ mget: 2, eval: 1 });
  });

  it('are none for a refresh token that is bad anyway', async () => {
    const manager = managerWith();
    expect(await roundTrips(() => rejection(manager.refresh('garbage')))).to.deep.equal({});
  });

  it('give a record the prefix, its owner as the slot, and its expiry', async () => {
    const now = Date.now();
    await new RedisSessionStore(client).write('ada', 'a', null, 'one', HOUR);
    await new RedisSessionStore(client, { prefix: 'my app:' }).write('ada', 'a', null, 'two', DAY);
    expect(await client.pExpireTime('login:{ada}:a')).to.be.within(now + HOUR, Date.now() + HOUR + 1000);
    expect(await client.pExpireTime('my app:{ada}:a')).to.be.within(now + DAY, Date.now() + DAY + 1000);
  });

  it('leave applications with other prefixes alone', async () => {
    const [one, other] = ['a:', 'b:'].map((prefix) => new RedisSessionStore(client, { prefix }));
    await one?.write('ada', 'x', null, 'one', HOUR);
    expect(await other?.read('ada', ['x'])).to.deep.equal([null]);
    expect(await other?.list('ada')).to.deep.equal([]);
  });

  it('keep the index of an owner as long as the longest record, and no longer', async () => {
    const store = new RedisSessionStore(client);
    await store.write('ada', 'long', null, 'one', DAY);
    await store.write('ada', 'short', null, 'one', HOUR);
    expect(await client.pTTL('login:{ada}')).to.be.within(DAY - 1000, DAY + 1000);
    await store.write('ada', 'long', 'one', null, 0);
    expect(await client.pTTL('login:{ada}')).to.be.within(HOUR - 1000, HOUR + 1000);
    await store.write('ada', 'short', 'one', null, 0);
    expect(await client.keys('*')).to.deep.equal([]);
  });

  it('keep nothing without an expiry: what a manager writes goes by itself', async () => {
    const manager = managerWith();
    const { access_token } = await manager.createTokenResponse(ada);
    await manager.revoke(access_token);
    await manager.refresh(((await manager.createTokenResponse(ada)) as { refresh_token: string }).refresh_token);
    await manager.revokeAll('ada@example.com');
    const keys = await client.keys('*');
    expect(keys).not.to.be.empty;
    for (const key of keys) expect(await client.pTTL(key)).to.be.within(1, 401 * DAY);
  });

  it('keep nothing of a user who has logged out everywhere', async () => {
    const manager = managerWith();
    const logins = await Promise.all([1, 2, 3].map(() => manager.createTokenResponse(ada)));
    for (const { refresh_token = '' } of logins) await manager.revoke(refresh_token);
    expect(await client.keys('*')).to.deep.equal([]);
  });

  it('make a value that another program put there a 503 or the end of the session, and let nobody in', async () => {
    const manager = managerWith();
    const { access_token } = await manager.createTokenResponse(ada);
    const [record = ''] = (await client.keys('*:session:*')) as string[];
    await client.set(record, 'garbage');
    expect(await fateOf(manager, access_token)).to.equal('token_revoked');
    await client.del(record);
    await client.hSet(record, 'a', 'list');
    expect(await fateOf(manager, access_token)).to.equal('token_revoked');
  });
});
