// node .build/bench/beside.js [--quick]: the library beside what else users would pick, with a user that takes 1 ms to
// load. Writes bench/results/beside.md. Needs a redis-server, and the peers, which `npm run bench` installs.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisServer } from '../spec/support/redis-server';
import { startServer } from './child-server';
import { median, spread } from './compare';
import { getRequest } from './load';
import { describeMachine, describeVersions } from './machine';
import { ROOT } from './peers-build';
import { table, whole } from './table';
import { allKeys, type Effort, measureRuns, type Run, requestsOf, stopping, type Throughput } from './throughput';

const OURS = [
  'this library, header',
  'this library, cookie',
  'this library, header, userCache',
  'this library, cookie, userCache',
  'this library, cookie, userCache, Redis store',
  'this library, cookie, userCache, Redis store, checks kept for 1 s',
];

const OTHERS = [
  'better-auth',
  'better-auth with its cookie cache',
  'passport with express-session and Redis',
  '@nestjs/jwt with a guard that loads the user',
];

/** Requests of one session to each. */
export async function measureBeside(effort: Effort): Promise<Throughput> {
  const redis = await RedisServer.start();
  const runs: Record<string, Run> = {};
  try {
    for (const candidate of [...OURS, ...OTHERS]) {
      const config = { candidate, algorithm: 'HS256', ...allKeys.HS256, redis: redis.url } as const;
      const server = await startServer(config, OURS.includes(candidate) ? 'beside' : 'peers');
      const { headers } = server;
      const requests = headers ? [getRequest('/notes-0', headers)] : requestsOf('HS256', '/notes-0', 1);
      runs[candidate] = { server, requests, status: 200 };
    }
    return await stopping(runs, (all) => measureRuns(all, effort));
  } finally {
    await redis.stop();
  }
}

/** Requests a second, and microseconds of the server's processor time for each. */
function besideTable({ results, efficiency }: Throughput): string {
  const rows = Object.entries(results).map(([name, values]) => [
    name,
    whole(median(values)),
    spread(values, 0),
    whole(1e6 / median(efficiency[name] ?? [])),
  ]);
  return table(['', 'requests a second', 'spread', 'processor time of a request, µs'], rows);
}

async function main(): Promise<void> {
  const quick = process.argv.includes('--quick');
  const effort = quick
    ? { rounds: 3, milliseconds: 200, warmUp: 400 }
    : { rounds: 15, milliseconds: 500, warmUp: 3000 };
  const text = `# Beside what else users would pick

${new Date().toISOString().slice(0, 10)}${quick ? ', a quick run' : ''}. ${describeMachine()}. ${describeVersions()}.

One route that needs a login and answers with its user, which takes 1 ms to load; 16 connections, one session.
Medians; the spread is from the worst round to the best.

${besideTable(await measureBeside(effort))}
`;
  const results = join(ROOT, 'bench/results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, quick ? 'quick-beside.md' : 'beside.md'), text);
  console.log(text);
}

if (require.main === module) main();
