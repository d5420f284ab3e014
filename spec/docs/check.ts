import type { Server } from 'node:http';

/** What a sample exports: all that it declares at its top level, and what its prelude exports. */
// biome-ignore lint/suspicious/noExplicitAny: a check knows its sample
export type Sample = Record<string, any>;

/** The default export of `checks/<name>.ts`: tries the sample of that name, over HTTP where it serves any. */
export type Check = (sample: Sample, running: { servers: Server[] }) => unknown;
