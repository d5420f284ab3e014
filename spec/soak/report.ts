import { describeMachine } from '../../bench/machine';
import { table, whole } from '../../bench/table';
import type { Usage } from '../sessions/system/server-pair';

/** What the servers used, at one time. */
export interface Sample {
  /** Since the start. */
  readonly minutes: number;
  readonly usage: readonly Usage[];
}

export interface SoakResult {
  readonly minutes: number;
  readonly seed: number;
  readonly samples: readonly Sample[];
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly cuts: number;
  readonly unexplained: readonly string[];
}

/** How much more a server may use at the end than after the warm-up. */
const HEAP_GROWTH = 1.1;
const HEAP_NOISE = 2 * 2 ** 20;
const HANDLES_NOISE = 5;

/** Returns what has grown between the first sample, after the warm-up, and the last one. */
export function findGrowth(samples: readonly Sample[]): string[] {
  const [first, last] = [samples[0], samples.at(-1)] as [Sample, Sample];
  return first.usage.flatMap((before, server) => {
    const after = last.usage[server] as Usage;
    return [
      ...(after.heap > before.heap * HEAP_GROWTH + HEAP_NOISE ? [`the heap of server ${server + 1}`] : []),
      ...(after.handles > before.handles + HANDLES_NOISE ? [`the handles of server ${server + 1}`] : []),
    ];
  });
}

/** Writes down what happened, in Markdown. */
export function describeSoak(result: SoakResult): string {
  const { minutes, seed, samples, counts, faults, cuts, unexplained } = result;
  const growth = findGrowth(samples);
  const requests = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const servers = samples[0]?.usage.map((_, index) => index) ?? [];
  return `# Two servers for ${minutes} minutes

${new Date().toISOString().slice(0, 10)}. ${describeMachine()}. Two processes on one Redis, one with the package redis and one with ioredis. Logins of new
users, pages, renewals, refreshes, logouts, forged tokens, tokens of sessions that have ended, lost answers, aborted
requests; every few seconds Redis stands still or connections are cut. \`npm run soak\` does it again, with seed ${seed}.

- ${whole(requests)} requests, ${whole(faults)} faults of the store, ${whole(cuts)} connections cut.
- Unexplained answers: ${unexplained.length}.
- Grown since the warm-up: ${growth.length === 0 ? 'nothing' : growth.join(', ')}.

Heap (with buffers) and resident memory are in MiB, after a garbage collection and without connections of clients.

${table(
  ['minutes', ...servers.flatMap((server) => [`heap ${server + 1}`, `rss ${server + 1}`, `handles ${server + 1}`])],
  samples.map(({ minutes: at, usage }) => [
    at.toFixed(1),
    ...usage.flatMap(({ heap, rss, handles }) => [megabytes(heap), megabytes(rss), `${handles}`]),
  ]),
)}

${table(
  ['answers', 'how many'],
  Object.entries(counts)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, count]) => [name, whole(count)]),
)}
`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
