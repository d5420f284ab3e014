// The bar that the library set itself, as ratios of one run.

import { COLD, REFERENCE, WARM } from './checkers';
import { median, type Results, ratio } from './compare';
import type { Heap } from './growth';
import { ALGORITHMS } from './keys';
import type { BenchAlgorithm } from './peers/contract';
import { REMOTE_ALGORITHMS, type RemoteKeys } from './remote-keys';
import { AGAIN, BY_HAND, BY_MAP, NOTHING, OURS, OURS_CONTEXT, OURS_SECURE } from './routes-app';
import { table } from './table';
import { nameOf, type Throughput } from './throughput';

export interface Measured {
  readonly checkers: Readonly<Record<BenchAlgorithm, Results>>;
  readonly remoteKeys: Readonly<Record<(typeof REMOTE_ALGORITHMS)[number], RemoteKeys>>;
  readonly throughput: Throughput;
  readonly refusals: Throughput;
  readonly heap: Heap;
}

const WARM_GOAL = { HS256: 0.15, RS256: 0.05, ES256: 0.02 };
const BY_HAND_GOAL = { HS256: 4, RS256: 2.5, ES256: 2.5 };

/** Without a goal it is there for comparison. */
type Row = readonly [what: string, goal: string, measured: string, met?: boolean];

export function barTable(measured: Measured): string {
  const rows = [
    ...inProcess(measured),
    ...ofRemoteKeys(measured),
    ...overHttp(measured),
    ...ofRefusals(measured),
    ofHeap(measured),
  ];
  return table(
    ['', 'goal', 'measured', ''],
    rows.map(([what, goal, result, met]) => [what, goal, result, met === undefined ? '' : met ? 'met' : '**missed**']),
  );
}

function atMost(what: string, goal: number, value: number): Row {
  return [what, `≤ ${goal}`, value.toFixed(3), value <= goal];
}

function atLeast(what: string, goal: number, value: number): Row {
  return [what, `≥ ${goal}`, value.toFixed(2), value >= goal];
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
    ...refused.map((name) => {
      return atLeast(`refused ÷ accepted: ${name}`, 1, ratio(results, name, acceptedOf(name)));
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
