// The bar that the library set itself, as ratios of one run.

import { COLD, REFERENCE, WARM } from './checkers';
import { median, type Results, ratio } from './compare';
import { CACHED, type Growth, type Heap, UNCACHED } from './growth';
import { ALGORITHMS } from './keys';
import { CASES, type Case } from './memory';
import type { BenchAlgorithm } from './peers/contract';
import { REMOTE_ALGORITHMS, type RemoteKeys } from './remote-keys';
import {
  AGAIN,
  BY_HAND,
  BY_MAP,
  KOA_NOTHING,
  KOA_SECURE,
  NOTHING,
  OURS,
  OURS_CONTEXT,
  OURS_KEPT,
  OURS_SECURE,
  OURS_STORE,
} from './routes-app';
import type { SessionsCost } from './sessions';
import { START_ALONE, START_SECURE } from './start-up';
import { table, whole } from './table';
import { nameOf, routesName, type Throughput } from './throughput';

export interface Measured {
  readonly checkers: Readonly<Record<BenchAlgorithm, Results>>;
  readonly remoteKeys: Readonly<Record<(typeof REMOTE_ALGORITHMS)[number], RemoteKeys>>;
  readonly throughput: Throughput;
  readonly refusals: Throughput;
  readonly heap: Heap;
  readonly routes: Throughput;
  readonly growth: readonly Growth[];
  readonly stores: Throughput;
  /** Milliseconds. */
  readonly startUp: Results;
  /** Bytes. */
  readonly memory: Readonly<Record<Case, number>>;
  readonly sessions: SessionsCost;
}

const WARM_GOAL = { HS256: 0.15, RS256: 0.05, ES256: 0.02 };
const BY_HAND_GOAL = { HS256: 4, RS256: 2.5, ES256: 2.5 };

/** Without a goal it is there for comparison. */
type Row = readonly [what: string, goal: string, measured: string, met?: boolean];

/** Each row of the table: what it is, its goal, what was measured, and whether that meets the goal. */
export function barRows(measured: Measured): string[][] {
  const rows = [
    ...ofRoutes(measured),
    ofStartUp(measured),
    ...inProcess(measured),
    ...ofRemoteKeys(measured),
    ...ofPopulation(measured),
    ...ofStores(measured),
    ...overHttp(measured),
    ...ofRefusals(measured),
    ofHeap(measured),
    ...ofMemory(measured),
  ];
  return rows.map(([what, goal, result, met]) => [
    what,
    goal,
    result,
    met === undefined ? '' : met ? 'met' : '**missed**',
  ]);
}

export function barTable(measured: Measured): string {
  return table(['', 'goal', 'measured', ''], barRows(measured));
}

function atMost(what: string, goal: number, value: number): Row {
  return [what, `≤ ${goal}`, value.toFixed(3), value <= goal];
}

function atLeast(what: string, goal: number, value: number): Row {
  return [what, `≥ ${goal}`, value.toFixed(2), value >= goal];
}

/** The servers that grow with their routes. What was not measured, in a quick run, has no row. */
function ofRoutes({ routes: { results, efficiency } }: Measured): Row[] {
  const row = (what: string, goal: number, [one, count]: [string, number], [other, than]: [string, number]): Row[] => {
    const names = [routesName(one, count), routesName(other, than)] as const;
    if (names.some((name) => !results[name])) return [];
    return [
      atLeast(`requests a second, ${what}`, goal, ratio(results, ...names)),
      [`the same, of processor time, ${what}`, '', ratio(efficiency, ...names).toFixed(2)],
    ];
  };
  return [
    ...row('lm.useExpressServer ÷ checkers that do nothing, 10 routes', 0.95, [OURS_SECURE, 10], [NOTHING, 10]),
    ...row('lm.useExpressServer ÷ checkers that do nothing, 100 routes', 1, [OURS_SECURE, 100], [NOTHING, 100]),
    ...row('lm.useExpressServer ÷ checkers that do nothing, 1,000 routes', 2, [OURS_SECURE, 1000], [NOTHING, 1000]),
    ...row('lm.useExpressServer, 1,000 ÷ 10 routes', 0.8, [OURS_SECURE, 1000], [OURS_SECURE, 10]),
    ...row('lm.useKoaServer ÷ checkers that do nothing, 1,000 routes', 2, [KOA_SECURE, 1000], [KOA_NOTHING, 1000]),
  ];
}

function ofStartUp({ startUp }: Measured): Row {
  return atMost(
    'starting an application of 1,000 routes ÷ routing-controllers',
    1.1,
    ratio(startUp, START_SECURE, START_ALONE),
  );
}

function ofPopulation({ growth }: Measured): Row[] {
  return growth
    .filter(({ population, distribution }) => population === 1_000_000 && distribution === 'uniform')
    .map(({ results }) => atMost('1,000,000 tokens, uniform ÷ no cache', 1.05, ratio(results, CACHED, UNCACHED)));
}

function ofStores({ stores: { results, efficiency } }: Measured): Row[] {
  const than = (which: Results, name: string) => ratio(which, name, OURS_SECURE);
  return [
    ['requests a second, with a Redis store ÷ without', '', than(results, OURS_STORE).toFixed(2)],
    ['the same, of processor time', '', than(efficiency, OURS_STORE).toFixed(2)],
    atLeast('requests a second, with a Redis store ÷ without, checks kept for 1 s', 0.9, than(results, OURS_KEPT)),
    ['the same, of processor time, checks kept for 1 s', '', than(efficiency, OURS_KEPT).toFixed(2)],
  ];
}

function ofMemory({ memory, sessions }: Measured): Row[] {
  const perSession: Row = [
    `memory of each of ${whole(sessions.effort.sessions)} sessions in a MemorySessionStore, bytes`,
    '',
    whole(sessions.bytes),
  ];
  const rows = Object.entries(CASES).map(([what, { most }]) => {
    const mebibytes = (bytes: number) => bytes / 2 ** 20;
    return atMost(`memory ${what}, MiB`, Math.round(mebibytes(most)), mebibytes(memory[what as Case]));
  });
  return [...rows, perSession];
}

function inProcess({ checkers }: Measured): Row[] {
  return ALGORITHMS.flatMap((algorithm) => [
    atMost(
      `both checkers, warm ÷ one \`jsonwebtoken.verify\`, ${algorithm}`,
      WARM_GOAL[algorithm],
      ratio(checkers[algorithm], WARM, REFERENCE),
    ),
    atMost(`both checkers, cold ÷ the same, ${algorithm}`, 1.25, ratio(checkers[algorithm], COLD, REFERENCE)),
  ]);
}

function ofRemoteKeys({ remoteKeys }: Measured): Row[] {
  return REMOTE_ALGORITHMS.flatMap((algorithm): Row[] => {
    const { fetches, ratio: costs } = remoteKeys[algorithm];
    return [
      atMost(`both checkers, warm, with fetched keys ÷ with a key of one's own, ${algorithm}`, 1.2, costs),
      [`fetches of keys for the first ten requests, ${algorithm}`, '1', `${fetches}`, fetches === 1],
    ];
  });
}

function overHttp(measured: Measured): Row[] {
  const { results, efficiency } = measured.throughput;
  const compared = Object.entries({
    'two servers that do the same': AGAIN,
    'checkers by hand, with a Map of tokens ÷ checkers that do nothing': BY_MAP,
  }).flatMap(([what, candidate]) =>
    ALGORITHMS.flatMap((algorithm): Row[] => {
      const of = (which: Results) => ratio(which, nameOf(candidate, algorithm), nameOf(NOTHING, algorithm)).toFixed(2);
      return [
        [`for comparison: requests a second, ${what}, ${algorithm}`, '', of(results)],
        ['the same, of processor time', '', of(efficiency)],
      ];
    }),
  );
  return [...compared, ...ofOwn(measured), ...ofContext(measured)];
}

/** What the option `context` costs. */
function ofContext({ throughput: { results, efficiency } }: Measured): Row[] {
  return ALGORITHMS.flatMap((algorithm): Row[] => {
    const of = (which: Results) =>
      ratio(which, nameOf(OURS_CONTEXT, algorithm), nameOf(OURS_SECURE, algorithm)).toFixed(2);
    return [
      [`for comparison: requests a second, \`context: true\` ÷ without, ${algorithm}`, '', of(results)],
      ['the same, of processor time', '', of(efficiency)],
    ];
  });
}

function ofOwn({ throughput: { results, efficiency } }: Measured): Row[] {
  return [OURS, OURS_SECURE].flatMap((candidate) =>
    ALGORITHMS.flatMap((algorithm) => {
      const than = (other: string) => ratio(results, nameOf(candidate, algorithm), nameOf(other, algorithm));
      return [
        atLeast(`requests a second ÷ checkers that do nothing: ${candidate}, ${algorithm}`, 0.97, than(NOTHING)),
        atLeast(
          `the same, of processor time: ${candidate}, ${algorithm}`,
          0.97,
          ratio(efficiency, nameOf(candidate, algorithm), nameOf(NOTHING, algorithm)),
        ),
        atLeast(
          `requests a second ÷ checkers by hand: ${candidate}, ${algorithm}`,
          BY_HAND_GOAL[algorithm],
          than(BY_HAND),
        ),
      ];
    }),
  );
}

function ofRefusals({ refusals: { results, lost } }: Measured): Row[] {
  const own = Object.keys(results).filter((name) => name.startsWith(OURS));
  const refused = own.filter((name) => !name.endsWith(': accepted'));
  const connections = own.reduce((sum, name) => sum + (lost[name] ?? 0), 0);
  return [
    ...refused.map((name): Row => {
      const what = `refused ÷ accepted: ${name}`;
      const measured = ratio(results, name, acceptedOf(name));
      // A forged token has to be verified, an accepted one was verified before.
      const isJudged = name.startsWith(OURS_SECURE) && !name.endsWith(': forged');
      return isJudged ? atLeast(what, 1, measured) : [what, '', measured.toFixed(2)];
    }),
    ['connections lost', '0', `${connections}`, connections === 0],
  ];
}

function ofHeap({ heap }: Measured): Row {
  return ['heap per cached token beyond its text, bytes', '≤ 1024', heap.bytes.toFixed(0), heap.bytes <= 1024];
}

/** Refused and accepted requests a second. */
export function refusalTable({ results, lost }: Throughput): string {
  return table(
    ['', 'requests a second', 'ratio', 'connections lost'],
    Object.entries(results).map(([name, values]) => [
      name,
      median(values).toFixed(0),
      ratio(results, name, acceptedOf(name)).toFixed(2),
      `${lost[name]}`,
    ]),
  );
}

const acceptedOf = (name: string): string => name.replace(/: .*$/, ': accepted');
