/**
 * Another seed for each run; the message of a failure has it, and the path to the smallest counterexample. These
 * reproduce the failure:
 *
 *     FAST_CHECK_SEED=-123456789 FAST_CHECK_PATH=17:1:0 npm run spec spec/http-behaviour/hierarchies.spec.ts
 *
 * Without the path the whole run is repeated that found it. FAST_CHECK_RUNS asks for more of them than usual.
 */
export function settings(usualRuns: number): { numRuns: number; seed?: number; path?: string } {
  const { FAST_CHECK_SEED: seed, FAST_CHECK_PATH: path, FAST_CHECK_RUNS: runs } = process.env;
  return { numRuns: Number(runs ?? usualRuns), ...(seed && { seed: Number(seed) }), ...(path && { path }) };
}
