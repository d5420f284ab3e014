// What more tokens and more scopes cost, in process, and what a remembered token weighs.

import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { actionOf, bothCheckers, type InProcessEffort, managerOf, microseconds } from './checkers';
import { interleave, type Results } from './compare';
import { keysOf, tokenOf } from './keys';
import { AUDIENCE, ISSUER, SCOPE, USER } from './peers/contract';

const keys = keysOf('HS256');

export type Distribution = 'Zipf' | 'uniform';

/** One row of the table: microseconds of both checkers, with the cache and without. */
export interface Growth {
  readonly population: number;
  readonly distribution: Distribution;
  /** How many of them came. */
  readonly seen: number;
  readonly results: Results;
}

export const CACHED = 'with the cache';
export const UNCACHED = 'without';
const BARE = 'bare';

/** Requests of so many sessions: equally likely, or the busiest twice as likely as the next (Zipf). */
export async function measurePopulation(
  population: number,
  distribution: Distribution,
  { rounds, requests }: { rounds: number; requests: number },
): Promise<Growth> {
  const draw = distribution === 'Zipf' ? zipf(population) : (at: number) => Math.floor(at * population);
  const random = generator(population);
  const tokens = new Map<number, string>();
  const drawn = Array.from({ length: requests }, () => {
    const session = draw(random());
    const token = tokens.get(session) ?? quickToken(session);
    tokens.set(session, token);
    return token;
  });
  const averageOf = (run: (token: string) => unknown) => () => {
    const start = process.hrtime.bigint();
    for (const token of drawn) run(token);
    return Number(process.hrtime.bigint() - start) / 1000 / drawn.length;
  };
  const { [BARE]: bare = [], ...results } = await interleave(
    {
      [CACHED]: averageOf(bothCheckers(managerOf('HS256', keys, true))),
      [UNCACHED]: averageOf(bothCheckers(managerOf('HS256', keys, false))),
      [BARE]: averageOf(actionOf),
    },
    { rounds, warmUp: 1 },
  );
  for (const times of Object.values(results)) {
    for (const round of times.keys()) times[round] = (times[round] as number) - (bare[round] as number);
  }
  return { population, distribution, seen: tokens.size, results };
}

/** Microseconds of both checkers of a route that needs so many scopes. */
export async function measureScopes(
  counts: readonly number[],
  { rounds, milliseconds }: InProcessEffort,
): Promise<Results> {
  const measured = counts.map((count) => {
    const scopes = Array.from({ length: count }, (_, index) => `${SCOPE}:${index}`);
    const token = tokenOf(keys, 'HS256', { scopes });
    const run = bothCheckers(managerOf('HS256', keys, true), scopes);
    const measure = async () => {
      const both = await microseconds(() => run(token), milliseconds);
      return both - (await microseconds(() => actionOf(token), milliseconds));
    };
    return [`${count}`, measure] as const;
  });
  return interleave(Object.fromEntries(measured), { rounds });
}

/** What a remembered token needs beside its own text. */
export interface Heap {
  readonly entries: number;
  readonly characters: number;
  readonly bytes: number;
}

/** In a process of its own, whose garbage can be collected first. */
export function measureHeap(where: 'header' | 'cookie'): Heap {
  const output = execFileSync(process.execPath, ['--expose-gc', join(__dirname, 'heap.js'), where], {
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

/** Signed by hand: a million of them would take jsonwebtoken long. */
export function quickToken(session: number, more: object = {}): string {
  const claims = {
    ...more,
    sub: USER.email,
    name: USER.name,
    scopes: [SCOPE, 'notes:write'],
    jti: `${session}`,
    iss: ISSUER,
  };
  const payload = Buffer.from(JSON.stringify({ ...claims, aud: AUDIENCE, exp: 4e9 })).toString('base64url');
  const signed = `${HEADER}.${payload}`;
  return `${signed}.${createHmac('sha256', keys.secret).update(signed).digest('base64url')}`;
}

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/** Draws 0 twice as often as 1, and n + 1 times as often as n. */
function zipf(population: number): (at: number) => number {
  const sums = new Float64Array(population);
  let sum = 0;
  for (let rank = 0; rank < population; rank++) {
    sum += 1 / (rank + 1);
    sums[rank] = sum;
  }
  return (at) => {
    let [low, high] = [0, population - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < at * sum) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The same numbers in each run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
