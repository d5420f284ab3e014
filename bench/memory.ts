// node --expose-gc memory.js <case>: how much memory stays in use, in bytes, as JSON.

import { execFileSync } from 'node:child_process';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { managerOf } from './checkers';
import { quickToken } from './growth';
import { keysOf } from './keys';

const MEBIBYTE = 2 ** 20;
const LONG = 8000;

/** What is done, and how many bytes may stay in use after it. */
export const CASES = {
  'after 10,000 good tokens of 8 KB': { most: 32 * MEBIBYTE, run: () => come(10_000, LONG) },
  'after 100,000 good tokens of one account': { most: 16 * MEBIBYTE, run: () => come(100_000, 0) },
} as const;

export type Case = keyof typeof CASES;

/** In a process of its own, whose garbage can be collected first. */
export function measureMemory(what: Case): number {
  const heap = ['--expose-gc', '--max-old-space-size=8192'];
  return Number(execFileSync(process.execPath, [...heap, __filename, what], { encoding: 'utf8' }));
}

/** Has so many tokens come that differ in nothing but their id, with a claim that makes them as long as that. */
async function come(tokens: number, length: number): Promise<unknown> {
  const manager = managerOf('HS256', keysOf('HS256'), true);
  const socket = new Socket();
  const long = length > 0 ? { long: 'x'.repeat(Math.floor((length - 316) * 0.75)) } : {};
  for (let time = 0; time < 2; time++) {
    for (let session = 0; session < tokens; session++) {
      const request = new IncomingMessage(socket);
      request.method = 'GET';
      const token = quickToken(session, long);
      request.headers.authorization = Buffer.from(`Bearer ${token}`).toString('latin1');
      await manager.authenticate(request);
    }
  }
  return manager;
}

function used(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function main(what: Case): Promise<void> {
  const before = used();
  const kept = await CASES[what].run();
  console.log(used() - before);
  if (!kept) throw new Error('It was there all the time');
}

if (require.main === module) main(process.argv[2] as Case);
