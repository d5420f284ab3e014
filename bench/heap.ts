// node --expose-gc heap.js header|cookie: what a remembered token needs beside its own text, as JSON.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { managerOf } from './checkers';
import { type Heap, quickToken } from './growth';
import { keysOf } from './keys';

const ENTRIES = 50_000;
const socket = new Socket();

/** As browsers send it: with other cookies around. */
const cookies = (token: string) => `theme=dark; access-token=${token}; consent=${'x'.repeat(1000)}`;

async function main(where: string | undefined): Promise<void> {
  const manager = managerOf('HS256', keysOf('HS256'), ENTRIES, { useCookie: true });
  const seen = async (session: number) => {
    const request = new IncomingMessage(socket);
    const token = quickToken(session);
    request.method = 'GET';
    // Out of bytes, as the headers of a real request are.
    if (where === 'cookie') request.headers.cookie = Buffer.from(cookies(token)).toString('latin1');
    else request.headers.authorization = Buffer.from(`Bearer ${token}`).toString('latin1');
    await manager.authenticate(request);
    return token.length;
  };
  await seen(0);
  const before = used();
  let characters = 0;
  for (let session = 1; session < ENTRIES; session++) characters += await seen(session);
  const bytes = used() - before - characters;
  const heap: Heap = { entries: ENTRIES, characters: characters / (ENTRIES - 1), bytes: bytes / (ENTRIES - 1) };
  await seen(0); // the cache was there all the time
  console.log(JSON.stringify(heap));
}

function used(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

main(process.argv[2]);
