import { performance } from 'node:perf_hooks';

/** Milliseconds of each round. */
export type Results = Record<string, number[]>;

/**
 * Measures candidates side by side: one round of each after the other, in an order that is turned around each time, so
 * that what the machine does meanwhile meets all of them alike.
 */
export async function compare(
  candidates: Record<string, () => unknown>,
  { rounds, warmUp = 3 }: { rounds: number; warmUp?: number },
): Promise<Results> {
  const results: Results = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    const order = Object.entries(candidates);
    if (round % 2) order.reverse();
    for (const [name, run] of order) {
      globalThis.gc?.();
      const start = performance.now();
      await run();
      const duration = performance.now() - start;
      if (round >= 0) results[name]?.push(duration);
    }
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Prints medians with their spread, and the ratio to the first candidate. */
export function report(title: string, results: Results): void {
  const [first] = Object.values(results);
  const reference = median(first ?? []);
  console.log(`${title} (medians; spread from the fastest to the slowest round)`);
  for (const [name, times] of Object.entries(results)) {
    const spread = `${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}`;
    console.log(
      `  ${name.padEnd(30)} ${median(times).toFixed(1)} ms (${spread})  × ${(median(times) / reference).toFixed(3)}`,
    );
  }
}
