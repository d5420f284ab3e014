import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What the library uses of an Express application. */
export interface ExpressApplication {
  /** The application that this one is mounted in. */
  readonly parent?: ExpressApplication;
  /** The prototype of all its responses. */
  readonly response: ServerResponse;
  get(setting: string): unknown;
  use(handler: unknown): unknown;
}

/** A request, and the Express application that handles it. */
interface HandledRequest {
  readonly message: IncomingMessage;
  readonly application: ExpressApplication | undefined;
}

/** Returns the application at the top of a chain of mounts, which is the application itself if nothing mounts it. */
export function rootApplication(app: ExpressApplication): ExpressApplication {
  let root = app;
  while (root.parent) root = root.parent;
  return root;
}

/** Returns the application that the server calls. An application that is mounted in a router does not know its parent. */
export function serverApplication({ message, application }: HandledRequest): ExpressApplication | undefined {
  return findListener(message) ?? (application && rootApplication(application));
}

/** Returns the server that received a request, or undefined for a request that no server received. */
export function serverOf(message: IncomingMessage): Server | undefined {
  return (message.socket as { server?: Server } | undefined)?.server;
}

/**
 * Tells whether a request's `X-Forwarded-*` headers count: Express' setting `trust proxy`. A request that has not passed
 * through Express, such as a WebSocket handshake, is held to the setting of the application that its server calls.
 */
export function trustsProxy({ message, application }: HandledRequest): boolean {
  const trust = (application ?? findListener(message))?.get('trust proxy fn') as
    | ((address: string | undefined, hop: number) => boolean)
    | undefined;
  return trust?.(message.socket?.remoteAddress, 0) === true;
}

/** A router has no settings. */
export function isExpressApplication(value: unknown): value is ExpressApplication {
  const { use, set } = (value ?? {}) as { use?: unknown; set?: unknown };
  return typeof use === 'function' && typeof set === 'function';
}

function findListener(message: IncomingMessage): ExpressApplication | undefined {
  const listeners: unknown[] = serverOf(message)?.listeners?.('request') ?? [];
  return listeners.find(isExpressApplication);
}
