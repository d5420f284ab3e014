// npm run fuzz -- [--minutes <n>] [--seed <n>] [--only <index>]: sends good, odd and broken requests to servers of the three
// frameworks. Ends with 1 if a promise was broken; the seed and the index of a conversation show it again.

import { parseArgs } from 'node:util';
import { frameworks } from '../support/servers';
import { Fuzzer, type Violation } from './fuzzer';

/** Conversations at the same time with each server. */
const CONCURRENCY = 12;

/** Enough to see what is wrong. */
const MAX_VIOLATIONS = 20;
const MAX_PRINTED = 6;

async function fuzz(fuzzer: Fuzzer, until: number): Promise<void> {
  let index = 0;
  const work = async () => {
    while (Date.now() < until && fuzzer.isAlive && fuzzer.violations.length < MAX_VIOLATIONS)
      await fuzzer.converse(index++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

function print({ seed, index, what, sent, received }: Violation): void {
  console.log(`\n${what}\n  again: npm run fuzz -- --seed ${seed} --only ${index}`);
  console.log(`  sent: ${JSON.stringify(sent.slice(0, 1500))}\n  received: ${JSON.stringify(received.slice(0, 1500))}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const minutes = Number(values.minutes ?? 5);
  if (!Number.isSafeInteger(seed) || !(minutes > 0))
    throw new Error('--seed is an integer, and --minutes a number above zero');
  console.log(`seed ${seed}, ${values.only === undefined ? `${minutes} minutes` : `conversation ${values.only}`}`);
  const fuzzers = await Promise.all(frameworks.map((framework) => Fuzzer.start(framework, seed)));
  const until = Date.now() + minutes * 60_000;
  const run = (fuzzer: Fuzzer) =>
    values.only === undefined ? fuzz(fuzzer, until) : fuzzer.converse(Number(values.only));
  await Promise.all(fuzzers.map(run));
  for (const { framework, counts } of fuzzers) console.log(`${framework}: ${JSON.stringify(counts)}`);
  const violations = fuzzers.flatMap((fuzzer) => fuzzer.violations);
  for (const violation of violations.slice(0, MAX_PRINTED)) print(violation);
  if (values.only !== undefined) for (const { written } of fuzzers) if (written) console.log(written);
  for (const fuzzer of fuzzers) fuzzer.stop();
  console.log(`\n${violations.length} promises were broken`);
  if (violations.length > 0) process.exitCode = 1;
}

main();
