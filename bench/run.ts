// npm run bench [-- --quick] [-- --as <name>]: measures everything, and writes it to bench/results.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barRows, barTable, refusalTable } from './bar';
import { measureCheckers } from './checkers';
import { median } from './compare';
import { measureHeap, measurePopulation, measureScopes } from './growth';
import { ALGORITHMS } from './keys';
import { describeMachine, describeOwnVersions, describeVersions } from './machine';
import { CASES, type Case, measureMemory } from './memory';
import { ROOT } from './peers-build';
import { barPlot } from './plot';
import { measureRemoteKeys } from './remote-keys';
import {
  checkersTable,
  clusterTable,
  growthTable,
  heapTable,
  routesTable,
  scopesTable,
  sessionsTable,
  storesTable,
  throughputTable,
} from './reports';
import { BY_HAND, KOA_NOTHING, KOA_SECURE, NONE, NOTHING, OURS, OURS_SECURE } from './routes-app';
import { measureSessions } from './sessions';
import { measureStartUp } from './start-up';
import { whole } from './table';
import {
  measureCluster,
  measureRefusals,
  measureRoutes,
  measureStores,
  measureThroughput,
  nameOf,
  routesName,
  type Throughput,
} from './throughput';

const quick = process.argv.includes('--quick');
const RESULTS = join(ROOT, 'bench/results');

const at = process.argv.indexOf('--as');
/** What the files are called, unless they are the results. */
const name = at >= 0 ? process.argv[at + 1] : quick ? 'quick' : undefined;
const fileOf = (usual: string, ending: string): string => (name === undefined ? usual : name + ending);
const files = {
  text: fileOf('results.md', '.md'),
  throughput: fileOf('throughput.svg', '.svg'),
  routes: fileOf('routes.svg', '-routes.svg'),
};

/** How much is measured: enough to see, or enough to trust. */
const effort = quick
  ? {
      checkers: { rounds: 9, milliseconds: 5 },
      peers: ['HS256'] as const,
      http: { rounds: 5, milliseconds: 150, warmUp: 450, starts: 1 },
      small: { rounds: 5, milliseconds: 120, warmUp: 240 },
      populations: [1, 100, 10_000],
      population: { rounds: 3, requests: 20_000 },
      routes: [10, 1000],
      growth: { rounds: 5, milliseconds: 120, warmUp: 240, starts: 1 },
      starts: 5,
      sessions: { requests: 400, rounds: 3, sessions: 100_000 },
    }
  : {
      checkers: { rounds: 31, milliseconds: 20 },
      peers: ALGORITHMS,
      http: { rounds: 9, milliseconds: 250, warmUp: 1500, starts: 2 },
      small: { rounds: 7, milliseconds: 250, warmUp: 1000 },
      populations: [1, 100, 10_000, 1_000_000],
      population: { rounds: 9, requests: 50_000 },
      routes: [10, 100, 1000],
      growth: { rounds: 4, milliseconds: 250, warmUp: 1000, starts: 4 },
      starts: 31,
      sessions: { requests: 2000, rounds: 9, sessions: 300_000 },
    };
const SCOPES = [1, 4, 16, 64];

async function main(): Promise<void> {
  const checkers = { HS256: {}, RS256: {}, ES256: {} };
  for (const algorithm of ALGORITHMS) {
    say(`both checkers in process, ${algorithm}`);
    checkers[algorithm] = await measureCheckers(algorithm, effort.checkers);
  }
  say('keys of an issuer');
  const remoteKeys = {
    RS256: await measureRemoteKeys('RS256', effort.checkers),
    ES256: await measureRemoteKeys('ES256', effort.checkers),
  };
  say('requests over HTTP');
  const throughput = await measureThroughput(effort.peers, effort.http);
  say('refused requests');
  const refusals = await measureRefusals(effort.small);
  say('more tokens');
  const growth = [];
  for (const population of effort.populations) {
    for (const distribution of ['Zipf', 'uniform'] as const) {
      growth.push(await measurePopulation(population, distribution, effort.population));
    }
  }
  say('more scopes');
  const scopes = await measureScopes(SCOPES, effort.checkers);
  say('more routes');
  const routes = await measureRoutes(effort.routes, effort.growth);
  say('starts');
  const startUp = await measureStartUp(effort.starts);
  say('heap');
  const heaps = { header: measureHeap('header'), cookie: measureHeap('cookie') };
  say('stores');
  const stores = await measureStores(effort.small);
  say('memory');
  const memory = Object.fromEntries(Object.keys(CASES).map((what) => [what, measureMemory(what as Case)])) as Record<
    Case,
    number
  >;
  say('sessions');
  const sessions = await measureSessions(effort.sessions);
  say('two workers');
  const workers = await measureCluster(effort.small);

  const measured = {
    checkers,
    remoteKeys,
    throughput,
    refusals,
    heap: heaps.cookie,
    routes,
    growth,
    stores,
    startUp,
    memory,
    sessions,
  };
  const text = `# What it costs

${today()}${quick ? ', a quick run' : ''}. ${describeMachine()}. ${describeVersions()}.

Medians of one run, in which the candidates take turns; in parentheses the spread, from the best round to the worst. A
ratio is the median of the ratios of each round. Client and server share the machine. \`npm run bench\` does it again.

![Requests a second](${files.throughput})

## The bar

${barTable(measured)}

## In process

Microseconds for both checkers of one request (without making the request), and for others to verify one token.

${checkersTable(checkers)}

## Over HTTP

One route that needs a login and a scope, 16 connections that are kept alive, 100 sessions. The ratio is to
"${NOTHING}" for what runs on routing-controllers, and to the framework alone for the others. routing-controllers itself
does more for a request than plain Express, so requests a second are to be compared within a framework.

${throughputTable(throughput)}

## Refused requests

${refusalTable(refusals)}

## More sessions, scopes and routes

Both checkers in process, HS256; the cache holds 10,000 tokens.

${growthTable(growth)}

${scopesTable(scopes)}

Over HTTP, HS256:

${routesTable(effort.routes, routes)}

![Requests a second over the number of routes](${files.routes})

## What a remembered token weighs

${heapTable(heaps)}

## Sessions

Over HTTP, 16 connections, 100 tokens; all connections share one connection to Redis, whose client pipelines.

${storesTable(stores)}

${effort.sessions.requests} requests with a session over 8 connections, or as many refreshes of 8 sessions; the ratio is to the first row of its
kind. Each of ${whole(effort.sessions.sessions)} sessions takes ${whole(sessions.bytes)} bytes of a \`MemorySessionStore\`.

${sessionsTable(sessions)}

## Two workers of a cluster

Each has caches of its own; the client takes its share of the two cores.

${clusterTable(workers)}
`;
  mkdirSync(RESULTS, { recursive: true });
  const write = (file: string, content: string) => writeFileSync(join(RESULTS, file), content);
  write(files.text, text);
  write(files.throughput, plotOf(throughput));
  write(files.routes, plotOfRoutes(effort.routes, routes));
  writeFileSync(
    join(ROOT, '.build/bench/bar.json'),
    JSON.stringify({ node: process.version, rows: barRows(measured) }),
  );
  console.log(text.slice(text.indexOf('## The bar'), text.indexOf('## Refused')));
  say(`written to bench/results/${files.text}`);
}

/** What is left of routing-controllers' throughput, for each algorithm. */
function plotOf({ results }: Throughput): string {
  const bar = (name: string, label: string, isOwn = false) => {
    const value = median(results[name] ?? []);
    return { label, value, isOwn, text: `${whole(value)}` };
  };
  const groups = [
    { title: 'Nobody is asked', bars: [bar(NONE, NONE)] },
    ...ALGORITHMS.map((algorithm) => ({
      title: algorithm,
      bars: [NOTHING, OURS, OURS_SECURE, BY_HAND].map((candidate) =>
        bar(nameOf(candidate, algorithm), candidate, [OURS, OURS_SECURE].includes(candidate)),
      ),
    })),
  ];
  return barPlot('Requests a second on routing-controllers, one route with a login and a scope', groups, [
    `${today()}: ${describeMachine()}`,
    describeOwnVersions(),
  ]);
}

/** What is left of the throughput as an application grows. */
function plotOfRoutes(counts: readonly number[], { results }: Throughput): string {
  const groups = counts.map((count) => ({
    title: `${whole(count)} routes`,
    bars: [NOTHING, OURS, OURS_SECURE, KOA_NOTHING, KOA_SECURE].map((candidate) => {
      const value = median(results[routesName(candidate, count)] ?? []);
      return { label: candidate, value, isOwn: [OURS_SECURE, KOA_SECURE].includes(candidate), text: whole(value) };
    }),
  }));
  return barPlot('Requests a second over the number of routes, 10 a controller', groups, [
    `${today()}: ${describeMachine()}`,
    describeOwnVersions(),
  ]);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

const started = Date.now();

function say(what: string): void {
  console.error(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${what}`);
}

main();
