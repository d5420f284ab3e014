// The parts of the report, each a heading, a word, and a table.

import { REFERENCE } from './checkers';
import { median, type Results, ratio, spread } from './compare';
import { CACHED, type Growth, type Heap, UNCACHED } from './growth';
import { ALGORITHMS } from './keys';
import type { BenchAlgorithm } from './peers/contract';
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
  OURS_SECURE,
} from './routes-app';
import type { SessionsCost } from './sessions';
import { table, whole } from './table';
import { FRAMEWORK_OF, nameOf, routesName, type Throughput } from './throughput';

/** Microseconds, and the ratio to one `jsonwebtoken.verify`. */
export function checkersTable(all: Readonly<Record<BenchAlgorithm, Results>>): string {
  const rows = Object.keys(all.HS256).map((name) => [
    name,
    ...ALGORITHMS.flatMap((algorithm) => [
      `${median(all[algorithm][name] ?? []).toFixed(2)} (${spread(all[algorithm][name] ?? [], 2)})`,
      ratio(all[algorithm], name, REFERENCE).toFixed(3),
    ]),
  ]);
  return table(['', ...ALGORITHMS.flatMap((algorithm) => [`${algorithm}, µs`, 'ratio'])], rows);
}

/** Requests a second, against the framework without any authentication. */
export function throughputTable({ results, efficiency }: Throughput): string {
  const row = (name: string, shown: string, than: string) => [
    shown,
    whole(median(results[name] ?? [])),
    spread(results[name] ?? [], 0),
    ratio(results, name, than).toFixed(2),
    ratio(efficiency, name, than).toFixed(2),
  ];
  const rows = [
    row(NONE, NONE, NONE),
    ...ALGORITHMS.flatMap((algorithm) =>
      [NOTHING, AGAIN, BY_HAND, BY_MAP, OURS, OURS_SECURE, OURS_COLD].map((candidate) =>
        row(nameOf(candidate, algorithm), nameOf(candidate, algorithm), nameOf(NOTHING, algorithm)),
      ),
    ),
    ...[...new Set(Object.values(FRAMEWORK_OF))].map((name) => row(name, name, name)),
    ...ALGORITHMS.flatMap((algorithm) =>
      Object.entries(FRAMEWORK_OF).map(([candidate, framework]) =>
        row(nameOf(candidate, algorithm), nameOf(candidate, algorithm), framework),
      ),
    ),
  ].filter((cells) => cells[1] !== 'NaN');
  return table(['', 'requests a second', 'spread', 'ratio', 'of processor time'], rows);
}

export function growthTable(rows: readonly Growth[]): string {
  return table(
    ['sessions', 'of which came', 'with the cache, µs', 'without, µs', 'ratio'],
    rows.map(({ population, distribution, seen, results }) => [
      `${whole(population)}, ${distribution}`,
      whole(seen),
      `${median(results[CACHED] ?? []).toFixed(2)} (${spread(results[CACHED] ?? [], 2)})`,
      `${median(results[UNCACHED] ?? []).toFixed(2)} (${spread(results[UNCACHED] ?? [], 2)})`,
      ratio(results, CACHED, UNCACHED).toFixed(2),
    ]),
  );
}

export function scopesTable(results: Results): string {
  return table(
    ['scopes', 'both checkers, warm, µs'],
    Object.entries(results).map(([count, times]) => [count, `${median(times).toFixed(2)} (${spread(times, 2)})`]),
  );
}

export function routesTable(counts: readonly number[], { results }: Throughput): string {
  const rows = counts.map((count) => {
    const name = (candidate: string) => routesName(candidate, count);
    const perSecond = (candidate: string) => whole(median(results[name(candidate)] ?? []));
    const than = (candidate: string, other: string) => ratio(results, name(candidate), name(other)).toFixed(2);
    return [
      `${count}`,
      perSecond(NOTHING),
      ...[OURS, OURS_SECURE].map((candidate) => than(candidate, NOTHING)),
      perSecond(KOA_NOTHING),
      than(KOA_SECURE, KOA_NOTHING),
    ];
  });
  const perSecond = [NOTHING, KOA_NOTHING].map((candidate) => `${candidate}, requests a second`);
  const ratios = [OURS, OURS_SECURE, KOA_SECURE].map((candidate) => `${candidate}, ratio`);
  return table(['routes', perSecond[0], ratios[0], ratios[1], perSecond[1], ratios[2]] as string[], rows);
}

/** Requests a second, and of each second of the server's processor time, against the first row. */
export function storesTable({ results, efficiency }: Throughput): string {
  const [first = ''] = Object.keys(results);
  const rows = Object.entries(results).map(([name, values]) => [
    name,
    whole(median(values)),
    spread(values, 0),
    ratio(results, name, first).toFixed(2),
    ratio(efficiency, name, first).toFixed(2),
  ]);
  return table(['', 'requests a second', 'spread', 'ratio', 'of processor time'], rows);
}

export function clusterTable({ results }: Throughput): string {
  const rows = ALGORITHMS.flatMap((algorithm) =>
    [NOTHING, BY_HAND, OURS].map((candidate) => {
      const name = nameOf(candidate, algorithm);
      const values = results[name] ?? [];
      const than = ratio(results, name, nameOf(NOTHING, algorithm));
      return [name, whole(median(values)), spread(values, 0), than.toFixed(2)];
    }),
  );
  return table(['', 'requests a second', 'spread', 'ratio'], rows);
}

export function heapTable(heaps: Readonly<Record<string, Heap>>): string {
  return table(
    ['token in', 'entries', 'characters of a token', 'bytes beside them'],
    Object.entries(heaps).map(([where, { entries, characters, bytes }]) => [
      where,
      whole(entries),
      characters.toFixed(0),
      bytes.toFixed(0),
    ]),
  );
}

/** Microseconds for a request and for a refresh, and the ratio to a request without a store. */
export function sessionsTable({ requests, refreshes, effort }: SessionsCost): string {
  const rows = (results: Results, what: string) =>
    Object.keys(results).map((name) => [
      `${what}, ${name}`,
      whole((median(results[name] ?? []) * 1000) / effort.requests),
      ratio(results, name, Object.keys(results)[0] ?? '').toFixed(2),
    ]);
  return table(['', 'µs', 'ratio'], [...rows(requests, 'a request'), ...rows(refreshes, 'a refresh')]);
}
