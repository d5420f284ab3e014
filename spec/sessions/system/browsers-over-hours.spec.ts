import { expect } from 'chai';
import { usingRedis } from '../../support/redis-server';
import { AgeingRedis } from './ageing-redis';
import { type Kind, ServerPair } from './server-pair';
import { World } from './world';

const SEED = Number(process.env.SEED ?? 14);

/** Seconds. */
const TEN_MINUTES = 600;
const STEP = 5;

/** Seconds that a record is kept longer than its session lasts, because the clocks of servers may differ. */
const CLOCK_DIFFERENCE = 5;

const options = {
  now: Date.UTC(2030, 0, 1),
  defaultExpiry: 30,
  slidingExpiry: 240,
  refreshExpiry: 240,
  refreshLeeway: 8,
  storeTimeout: '5s',
};

describe('twenty browsers with five tabs each, on two servers, for ten minutes', function () {
  this.timeout(60_000);
  this.slow(30_000);

  const redis = usingRedis();
  let servers: ServerPair;
  let records: AgeingRedis;

  before(async () => {
    records = await AgeingRedis.connect(redis().url);
  });

  after(() => records?.close());

  before(async () => {
    servers = await ServerPair.start(redis().url, options);
  });

  after(() => servers?.stop());

  afterEach(() => {
    expect(servers.written).to.equal('');
  });

  /** With the seed, if anything is not as it should be. */
  async function live(kind: Kind): Promise<World> {
    const world = new World(servers, records, kind, options, SEED);
    try {
      await world.live(TEN_MINUTES, STEP);
      expect(await records.size()).to.be.within(20, 100);
      await world.logOutAll();
      await records.age(CLOCK_DIFFERENCE);
      expect(await records.size(), 'records that are left').to.equal(0);
    } catch (error) {
      throw new Error(`With SEED=${SEED}: ${error}`, { cause: error });
    }
    return world;
  }

  it('sliding logins last until slidingExpiry in every tab, and leave nothing in Redis', async () => {
    const { counts } = await live('sliding');
    expect(counts.visits).to.be.above(1500);
    expect(counts.expired).to.be.above(20);
    expect(counts.logouts).to.be.above(20);
  });

  it('refreshed logins last in every tab until a stolen token is used, and leave nothing in Redis', async () => {
    const { counts } = await live('refreshing');
    expect(counts.visits).to.be.above(1500);
    expect(counts.thefts).to.be.above(5);
  });
});
