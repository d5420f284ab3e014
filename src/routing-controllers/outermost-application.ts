import type { Server } from 'node:http';
import type { Exchange, ExpressApplication } from '../http/exchange';

/** The application that an application is mounted in, by way of others perhaps; or itself. */
export function outermost(app: ExpressApplication): ExpressApplication {
  let outer = app;
  while (outer.parent) outer = outer.parent;
  return outer;
}

/** How far an answer may go up. */
export interface Reach {
  /** The application that the server calls. */
  readonly listening: ExpressApplication;
  /** Whether all applications up to that one are mounted in each other, so that their responses have one ancestor. */
  readonly isWhole: boolean;
  readonly server: Server | undefined;
}

/** Of each application that had a refusal, as it was with the server that sent the last one. */
const reaches = new WeakMap<ExpressApplication, Reach>();

/** Undefined without an application of Express. */
export function reachOf({ application, message }: Exchange): Reach | undefined {
  if (!application) return undefined;
  const { server } = (message.socket ?? {}) as { server?: Server }; // requests made by hand may have none
  const known = reaches.get(application);
  if (known && known.server === server) return known;
  const outer = outermost(application);
  const listeners: unknown[] = server?.listeners('request') ?? [];
  const listening = listeners.find(isApplication) ?? outer; // one that is mounted in a router knows no parent
  const reach = { listening, isWhole: listening === outer, server };
  reaches.set(application, reach);
  return reach;
}

function isApplication(listener: unknown): listener is ExpressApplication {
  return typeof (listener as Partial<ExpressApplication>).use === 'function';
}
