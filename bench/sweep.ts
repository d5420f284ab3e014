// node --expose-gc .build/bench/sweep.js: how long the event loop is blocked while a million expired records are swept.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MemorySessionStore } from 'routing-controllers-login';
import { whole } from './table';

const RECORDS = Number(process.env.RECORDS ?? 1_000_000);

/** Milliseconds that are waited for the sweep at most. */
const PATIENCE = Number(process.env.PATIENCE ?? 300_000);

/** Milliseconds. */
const LIFE = 60_000;

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Says how late the event loop was for a while. */
async function observe(what: string, duration: number): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await wait(duration);
  delay.disable();
  const milliseconds = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(1)} ms`;
  console.log(
    `${what}: the event loop was late by ${milliseconds(delay.percentile(50))} in the median, ` +
      `${milliseconds(delay.percentile(99.9))} in 99.9 %, ${milliseconds(delay.max)} at most`,
  );
}

async function main(): Promise<void> {
  await observe('nothing to sweep', Math.min(PATIENCE, 10_000));
  let now = 0;
  const store = new MemorySessionStore(() => now);
  for (let count = 0; count < RECORDS; count++)
    await store.write(`owner-${count}`, 'session', null, JSON.stringify({ count, loginAt: now }), LIFE);
  globalThis.gc?.();
  await wait(2000);
  now = LIFE;
  await observe(`a sweep of ${whole(RECORDS)} records`, PATIENCE);
  console.log(`${whole(RECORDS - store.size)} records were swept in ${whole(PATIENCE / 1000)} s`);
}

main();
