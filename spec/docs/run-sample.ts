// node run-sample.js <sample> <check>: loads a sample as an application would and has its check try it. Each sample
// gets a process of its own, because decorators register their classes for the whole of one.

import { once } from 'node:events';
import { Server } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { Check, Sample } from './check';

async function main(sampleFile: string, checkFile: string): Promise<void> {
  const { servers, sample } = await withAnyPort(() => load(sampleFile));
  const { default: check } = (await load(checkFile)) as { default?: Check };
  if (typeof check !== 'function') throw new TypeError(`${checkFile} has no default export to call`);
  await check(sample, { servers: servers as Parameters<Check>[1]['servers'] });
}

/** Loads a module of either kind; the default export of a CommonJS one is what it exports. */
async function load(file: string): Promise<Sample> {
  const namespace = await import(pathToFileURL(file).href);
  return file.endsWith('.mjs') ? namespace : namespace.default;
}

/** A sample may listen on port 3000; here any free one has to do. */
async function withAnyPort(load: () => Promise<Sample>): Promise<{ servers: Server[]; sample: Sample }> {
  const servers: Server[] = [];
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    servers.push(this);
    const callback = args.find((arg): arg is () => void => typeof arg === 'function');
    return listen.call(this, { port: 0, host: '127.0.0.1' }, callback);
  };
  try {
    const sample = await load();
    await Promise.all(servers.map((server) => server.listening || once(server, 'listening')));
    return { servers, sample };
  } finally {
    Server.prototype.listen = listen;
  }
}

const [sampleFile, checkFile] = process.argv.slice(2);
if (!sampleFile || !checkFile) throw new Error('usage: run-sample.js <sample> <check>');
main(sampleFile, checkFile).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
