// Over HTTP, with keep-alive: servers in processes of their own, one asked at a time, round by round.

import { RedisServer } from '../spec/support/redis-server';
import { type ChildServer, startServer } from './child-server';
import { interleave, type Results } from './compare';
import { ALGORITHMS, keysOf, tokenOf } from './keys';
import { getRequest, load } from './load';
import type { BenchAlgorithm, Keys, ServerConfig } from './peers/contract';
import {
  AGAIN,
  BY_HAND,
  BY_MAP,
  KOA_NOTHING,
  KOA_SECURE,
  NONE,
  NOTHING,
  OURS,
  OURS_COLD,
  OURS_CONTEXT,
  OURS_KEPT,
  OURS_SECURE,
  OURS_STORE,
} from './routes-app';

/** Everything else is of the peers, and the framework it is to be compared with. */
export const FRAMEWORK_OF: Readonly<Record<string, string>> = {
  'express-jwt': 'Express alone',
  'passport-jwt': 'Express alone',
  'express-oauth2-jwt-bearer': 'Express alone',
  '@nestjs/jwt with a guard': 'NestJS alone',
  '@fastify/jwt with its cache': 'Fastify alone',
};

const OWN = [NOTHING, BY_HAND, BY_MAP, OURS, OURS_SECURE, OURS_CONTEXT, OURS_COLD, AGAIN];
const ALONE = [NONE, ...new Set(Object.values(FRAMEWORK_OF))];

/** Distinct tokens in one run: as many sessions as are there at a time. */
const SESSIONS = 100;
const CONNECTIONS = 16;

export interface Effort {
  readonly rounds: number;
  /** How long each candidate is asked in a round. */
  readonly milliseconds: number;
  /** How long before the first round: so that its server is compiled and its caches are filled. */
  readonly warmUp: number;
}

/** What V8 makes of a program differs by some percent from start to start. */
export interface RepeatedEffort extends Effort {
  /** How often the servers of the library, and what it is compared with, are started. */
  readonly starts: number;
}

/** Answers a second of each candidate, and what went wrong. */
export interface Throughput {
  readonly results: Results;
  /** The same for each second of the server's processor time: steadier where the machine has other work. */
  readonly efficiency: Results;
  readonly lost: Record<string, number>;
}

/** A candidate with what it is sent and must answer. */
export interface Run {
  readonly server: ChildServer;
  readonly requests: readonly Buffer[];
  readonly status: number;
}

export const nameOf = (candidate: string, algorithm: BenchAlgorithm): string => `${candidate}, ${algorithm}`;

export const allKeys: Readonly<Record<BenchAlgorithm, Keys>> = {
  HS256: keysOf('HS256'),
  RS256: keysOf('RS256'),
  ES256: keysOf('ES256'),
};

export function requestsOf(algorithm: BenchAlgorithm, path = '/notes-0', sessions = SESSIONS): Buffer[] {
  return Array.from({ length: sessions }, (_, index) =>
    getRequest(path, { Authorization: `Bearer ${tokenOf(allKeys[algorithm], algorithm, { jti: `${index}` })}` }),
  );
}

/** Asks all of them, round by round, and sees to it that each answers what it should. */
export async function measureRuns(runs: Record<string, Run>, effort: Effort): Promise<Throughput> {
  const { rounds, milliseconds, warmUp } = effort;
  const lost: Record<string, number> = {};
  const efficiency: Results = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  const measured = Object.entries(runs).map(([name, { server, requests, status }]) => [
    name,
    async () => {
      const before = await server.cpu();
      const served = await load({ port: server.port, requests, connections: CONNECTIONS, milliseconds });
      const others = Object.keys(served.statuses).filter((one) => one !== `${status}`);
      if (others.length > 0) throw new Error(`${name} answered ${others}, and not only ${status}`);
      const answers = served.statuses[status] as number;
      efficiency[name]?.push(answers / ((await server.cpu()) - before));
      lost[name] = (lost[name] ?? 0) + served.lost;
      return served.perSecond;
    },
  ]);
  // In turns, too: a server that waits long between its warm-up and its first round is some percent slower.
  const results = await interleave(Object.fromEntries(measured), { rounds, warmUp: Math.ceil(warmUp / milliseconds) });
  for (const values of Object.values(efficiency)) values.splice(0, values.length - rounds);
  return { results, efficiency, lost };
}

/**
 * Authorised requests to every candidate.
 *
 * @param peers - The algorithms with which other libraries are measured too.
 */
export async function measureThroughput(peers: readonly BenchAlgorithm[], effort: RepeatedEffort): Promise<Throughput> {
  const all: Throughput = { results: {}, efficiency: {}, lost: {} };
  for (const group of groupsOf(peers)) {
    const isOwn = group.some(([candidate]) => candidate === OURS);
    for (let start = 0; start < (isOwn ? effort.starts : 1); start++) addTo(all, await measureGroup(group, effort));
  }
  return all;
}

type Group = [candidate: string, algorithm?: BenchAlgorithm][];

async function measureGroup(group: Group, effort: Effort): Promise<Throughput> {
  const runs: Record<string, Run> = {};
  for (const [candidate, algorithm = 'HS256'] of group) {
    runs[algorithmless(candidate) ? candidate : nameOf(candidate, algorithm)] = await runOf(candidate, algorithm);
  }
  return stopping(runs, (started) => measureRuns(started, effort));
}

function addTo(all: Throughput, { results, efficiency, lost }: Throughput): void {
  for (const name of Object.keys(results)) {
    all.results[name] = [...(all.results[name] ?? []), ...(results[name] ?? [])];
    all.efficiency[name] = [...(all.efficiency[name] ?? []), ...(efficiency[name] ?? [])];
    all.lost[name] = (all.lost[name] ?? 0) + (lost[name] ?? 0);
  }
}

const algorithmless = (candidate: string) => ALONE.includes(candidate);

/** What is compared takes turns; more at a time would have each find the processor's caches cold. */
function groupsOf(peers: readonly BenchAlgorithm[]): Group[] {
  return [
    ...ALGORITHMS.map((algorithm) => [
      ...(algorithm === 'HS256' ? [[NONE] as [string]] : []),
      ...OWN.map((candidate): [string, BenchAlgorithm] => [candidate, algorithm]),
    ]),
    ...[...new Set(Object.values(FRAMEWORK_OF))].map((framework) => [
      [framework] as [string],
      ...Object.keys(FRAMEWORK_OF)
        .filter((candidate) => FRAMEWORK_OF[candidate] === framework)
        .flatMap((candidate) => peers.map((algorithm): [string, BenchAlgorithm] => [candidate, algorithm])),
    ]),
  ];
}

async function runOf(candidate: string, algorithm: BenchAlgorithm): Promise<Run> {
  const config: ServerConfig = { candidate, algorithm, ...allKeys[algorithm] };
  const server = await startServer(config, candidate === NONE || OWN.includes(candidate) ? 'own' : 'peers');
  return { server, requests: requestsOf(algorithm), status: 200 };
}

/** Refused requests to the library and to others, and accepted ones of the same route. */
export async function measureRefusals(effort: Effort): Promise<Throughput> {
  const runs: Record<string, Run> = {};
  for (const candidate of [OURS, OURS_SECURE]) {
    for (const algorithm of ALGORITHMS) {
      const { server, requests } = await runOf(candidate, algorithm);
      const add = (what: string, status: number, sent: readonly Buffer[]) => {
        runs[`${nameOf(candidate, algorithm)}: ${what}`] = { server, status, requests: sent };
      };
      const bearer = (token: string) => [getRequest('/notes-0', { Authorization: `Bearer ${token}` })];
      const token = tokenOf(allKeys[algorithm], algorithm);
      add('accepted', 200, requests);
      if (algorithm === 'HS256') add('no token', 401, [getRequest('/notes-0')]);
      add('forged', 401, bearer(forged(token)));
      if (algorithm === 'HS256')
        add('missing scope', 403, bearer(tokenOf(allKeys.HS256, 'HS256', { scopes: ['notes:write'] })));
    }
  }
  for (const candidate of [BY_HAND, ...Object.keys(FRAMEWORK_OF)]) {
    const { server, requests } = await runOf(candidate, 'HS256');
    const name = nameOf(candidate, 'HS256');
    runs[`${name}: accepted`] = { server, status: 200, requests };
    runs[`${name}: no token`] = { server, status: 401, requests: [getRequest('/notes-0')] };
  }
  return stopping(runs, (all) => measureRuns(all, effort));
}

/** With another signature: the middle of it, so that its encoding stays canonical. */
function forged(token: string): string {
  const place = token.length - 20;
  return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
}

export async function stopping<T>(runs: Record<string, Run>, measure: (runs: Record<string, Run>) => Promise<T>) {
  try {
    return await measure(runs);
  } finally {
    for (const server of new Set(Object.values(runs).map((run) => run.server))) server.stop();
  }
}

/** Two cluster workers, each with caches of its own. */
export async function measureCluster(effort: Effort): Promise<Throughput> {
  const runs: Record<string, Run> = {};
  for (const algorithm of ALGORITHMS) {
    for (const candidate of [NOTHING, BY_HAND, OURS]) {
      const server = await startServer({ candidate, algorithm, ...allKeys[algorithm] }, 'cluster');
      runs[nameOf(candidate, algorithm)] = { server, requests: requestsOf(algorithm), status: 200 };
    }
  }
  return stopping(runs, (all) => measureRuns(all, effort));
}

export const routesName = (candidate: string, routes: number): string => `${candidate}, ${routes} routes`;

/** Applications of so many routes, which are all asked. */
export async function measureRoutes(counts: readonly number[], effort: RepeatedEffort): Promise<Throughput> {
  const all: Throughput = { results: {}, efficiency: {}, lost: {} };
  for (let start = 0; start < effort.starts; start++) addTo(all, await measureRoutesOnce(counts, effort));
  return all;
}

async function measureRoutesOnce(counts: readonly number[], effort: Effort): Promise<Throughput> {
  const runs: Record<string, Run> = {};
  for (const routes of counts) {
    for (const candidate of [NOTHING, OURS, OURS_SECURE, KOA_NOTHING, KOA_SECURE]) {
      const server = await startServer({ candidate, algorithm: 'HS256', ...allKeys.HS256, routes }, 'own');
      const requests = Array.from({ length: SESSIONS }, (_, index) =>
        requestsOf('HS256', `/notes-${Math.floor(((index + 0.5) * routes) / SESSIONS)}`, 1),
      ).flat();
      runs[routesName(candidate, routes)] = { server, requests, status: 200 };
    }
  }
  return stopping(runs, (all) => measureRuns(all, effort));
}

/** One session each request of which is checked: without a store, with one of Redis, and with checks that are kept. */
export async function measureStores(effort: Effort): Promise<Throughput> {
  const redis = await RedisServer.start();
  try {
    const runs: Record<string, Run> = {};
    for (const candidate of [OURS_SECURE, OURS_STORE, OURS_KEPT]) {
      const config = { candidate, algorithm: 'HS256', ...allKeys.HS256, redis: redis.url } as const;
      runs[candidate] = { server: await startServer(config, 'own'), requests: requestsOf('HS256'), status: 200 };
    }
    return await stopping(runs, (all) => measureRuns(all, effort));
  } finally {
    await redis.stop();
  }
}
