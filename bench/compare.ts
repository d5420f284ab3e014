import { performance } from 'node:perf_hooks';

/** What each candidate took, or achieved, in each round. */
export type Results = Record<string, number[]>;

/**
 * Measures candidates side by side: one round of each after the other, in another order each time, so that what the
 * machine does meanwhile, and who was measured just before, meets all of them alike.
 *
 * @param candidates - Each measures itself once.
 */
export async function interleave(
  candidates: Record<string, () => number | Promise<number>>,
  { rounds, warmUp = 2 }: { rounds: number; warmUp?: number },
): Promise<Results> {
  const results: Results = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, measure] of shuffled(Object.entries(candidates))) {
      const result = await measure();
      if (round >= 0) results[name]?.push(result);
    }
  }
  return results;
}

function shuffled<T>(list: T[]): T[] {
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [list[index], list[other]] = [list[other] as T, list[index] as T];
  }
  return list;
}

/** The milliseconds that each candidate takes. */
export function compare(
  candidates: Record<string, () => unknown>,
  { rounds, warmUp = 3 }: { rounds: number; warmUp?: number },
): Promise<Results> {
  const timed = Object.entries(candidates).map(([name, run]) => [
    name,
    async () => {
      globalThis.gc?.();
      const start = performance.now();
      await run();
      return performance.now() - start;
    },
  ]);
  return interleave(Object.fromEntries(timed), { rounds, warmUp });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/**
 * The median of the ratios of two candidates, round by round: what slows the machine down for a while slows both, which
 * makes it steadier than the ratio of their medians.
 */
export function ratio(results: Results, one: string, other: string): number {
  const reference = results[other] ?? [];
  return median((results[one] ?? []).map((value, round) => value / (reference[round] as number)));
}

/** From the least to the most, as text. */
export function spread(values: readonly number[], digits = 1): string {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}

/** Prints medians with their spread, and the ratio to the first candidate. */
export function report(title: string, results: Results): void {
  const [first = ''] = Object.keys(results);
  console.log(`${title} (medians; spread from the fastest to the slowest round)`);
  for (const [name, times] of Object.entries(results)) {
    console.log(
      `  ${name.padEnd(30)} ${median(times).toFixed(1)} ms (${spread(times)})  × ${ratio(results, name, first).toFixed(3)}`,
    );
  }
}
