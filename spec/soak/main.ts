// npm run soak -- [--minutes <n>] [--seed <n>]: mixed traffic on two server processes and a Redis; writes
// bench/results/soak.md. Ends with 1 for an unexplained answer, and if heap or handles have grown.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../bench/peers-build';
import { FlakyProxy } from '../sessions/system/flaky-proxy';
import { ServerPair } from '../sessions/system/server-pair';
import { Random } from '../support/random';
import { RedisServer } from '../support/redis-server';
import { describeSoak, findGrowth, type Sample } from './report';
import { Traffic, wait } from './traffic';

/** How much of the time is warm-up: until caches are full and code is compiled. */
const WARM_UP = 0.25;

/** Measurements after that. */
const SAMPLES = 10;

async function soak(minutes: number, seed: number): Promise<void> {
  const redis = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'everysec');
  const proxy = await FlakyProxy.start(redis.port);
  const options = {
    now: Date.now(),
    defaultExpiry: 30,
    slidingExpiry: 86_400,
    refreshExpiry: 86_400,
    refreshLeeway: 10,
    storeTimeout: '1s',
    verifiedTokenCache: { max: 200 },
  };
  const servers = await ServerPair.start(proxy.url, options, ['--expose-gc']);
  const traffic = new Traffic(servers, redis, proxy, new Random(seed));
  const samples: Sample[] = [];
  const start = Date.now();
  const run = async (milliseconds: number) => {
    traffic.resume();
    await wait(milliseconds);
    await traffic.pause();
    samples.push({ minutes: (Date.now() - start) / 60_000, usage: await servers.measure() });
    console.log(JSON.stringify(samples.at(-1)), `${traffic.unexplained.length} unexplained`);
  };
  try {
    const total = minutes * 60_000;
    await run(total * WARM_UP);
    for (let count = 0; count < SAMPLES; count++) await run((total * (1 - WARM_UP)) / SAMPLES);
  } finally {
    servers.stop();
    proxy.stop();
    await redis.stop();
  }
  const { counts, faults, unexplained } = traffic;
  if (servers.written !== '') unexplained.push(`the servers wrote: ${servers.written.slice(0, 2000)}`);
  const report = describeSoak({ minutes, seed, samples, counts, faults, cuts: proxy.cuts, unexplained });
  writeFileSync(join(ROOT, 'bench/results/soak.md'), report);
  console.log(report);
  for (const one of unexplained.slice(0, 20)) console.log(one);
  if (unexplained.length > 0 || findGrowth(samples).length > 0) process.exitCode = 1;
}

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const [minutes, seed] = [Number(values.minutes ?? 20), Number(values.seed ?? 17)];
if (!(minutes > 0) || !Number.isSafeInteger(seed))
  throw new Error('--minutes is a number above zero, and --seed an integer');
soak(minutes, seed);
