import { ConfigurationError } from '../../errors/configuration-error';

/** What is used of a client of the package `redis`, version 5 or 6: one server, a pool or a cluster. */
export interface NodeRedisClient {
  /** False while the connection is down. A cluster and a pool do not say. */
  readonly isReady?: boolean;
  sendCommand?: unknown;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  mGet(keys: string[]): Promise<unknown>;
  publish?(channel: string, message: string): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: a client of the same kind
  duplicate?(): any;
  /** Of a pool. */
  // biome-ignore lint/suspicious/noExplicitAny: a client of the pool
  execute?(use: (client: any) => any): Promise<any>;
  on?(event: string, listener: (error: unknown) => void): unknown;
  off?(event: string, listener: (error: unknown) => void): unknown;
}

/** What is used of a client of the package `ioredis`, version 5: one server or a cluster. */
export interface IoRedisClient {
  readonly status: string;
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  mget(keys: string[]): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: a client of the same kind
  duplicate(...options: any[]): any;
  on(event: string, listener: (error: unknown) => void): unknown;
  off(event: string, listener: (error: unknown) => void): unknown;
}

/** The commands that the store sends, whatever the client. All keys of one command are in one slot. */
export interface RedisCommands {
  /** False while the connection is known to be down: commands would pile up in the client. */
  isReady(): boolean;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  mget(keys: string[]): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  /** Subscribes with a connection of its own. Returns a function that ends the subscription. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
}

/** @throws {@link ConfigurationError} for anything but a client of one of the two packages. */
export function toRedisCommands(client: unknown): RedisCommands {
  if (isIoRedis(client)) return ioRedisCommands(client);
  if (isNodeRedis(client)) return nodeRedisCommands(client);
  throw new ConfigurationError(
    "RedisSessionStore needs a connected client of the package 'redis' or 'ioredis', such as await createClient({ url }).connect() or new Redis(url)",
    { section: 'sessions-and-stores' },
  );
}

function isIoRedis(client: unknown): client is IoRedisClient {
  const { mget, eval: evaluate, status } = (client ?? {}) as Partial<IoRedisClient>;
  return typeof mget === 'function' && typeof evaluate === 'function' && typeof status === 'string';
}

function isNodeRedis(client: unknown): client is NodeRedisClient {
  const { mGet, eval: evaluate } = (client ?? {}) as Partial<NodeRedisClient>;
  return typeof mGet === 'function' && typeof evaluate === 'function';
}

function nodeRedisCommands(client: NodeRedisClient): RedisCommands {
  listenToErrors(client);
  return {
    isReady: () => client.isReady !== false,
    eval: (script, keys, args) => client.eval(script, { keys, arguments: args }),
    mget: (keys) => client.mGet(keys),
    publish: async (channel, message) => client.publish?.(channel, message),
    async subscribe(channel, listener) {
      const subscriber = await duplicate(client);
      if (!subscriber) return async () => undefined;
      listenToErrors(subscriber);
      await endingTogether(
        client,
        () => close(subscriber),
        async () => {
          await subscriber.connect();
          subscriber.unref?.();
          await subscriber.subscribe(channel, listener);
        },
      );
      return async () => close(subscriber);
    },
  };
}

/** Makes a client for a subscription, not connected yet. A pool cannot subscribe, but a client of it can be duplicated. */
// biome-ignore lint/suspicious/noExplicitAny: a client of the same kind
async function duplicate(client: NodeRedisClient): Promise<any> {
  // biome-ignore lint/suspicious/noExplicitAny: a client of the same kind
  return client.execute ? client.execute((one: any) => one.duplicate()) : client.duplicate?.();
}

/** A client that is closed already throws. */
function close(subscriber: { destroy(): unknown }): void {
  try {
    subscriber.destroy();
  } catch {}
}

/**
 * Subscribes with a connection that is closed together with the client's own. If the subscription fails, because the user
 * may not subscribe for instance, it leaves neither a connection nor a listener behind.
 */
async function endingTogether(
  client: Pick<NodeRedisClient, 'on' | 'off'>,
  disconnect: () => void,
  subscribe: () => Promise<void>,
): Promise<void> {
  client.on?.('end', disconnect);
  try {
    await subscribe();
  } catch (error) {
    client.off?.('end', disconnect);
    disconnect();
    throw error;
  }
}

/** Waits for a client to be connected: one without an offline queue refuses commands until then. */
async function connected(subscriber: IoRedisClient): Promise<void> {
  if (subscriber.status === 'wait') {
    await (subscriber as IoRedisClient & { connect(): Promise<void> }).connect();
    return;
  }
  if (subscriber.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    subscriber.on('ready', () => resolve());
    subscriber.on('end', () => reject(new Error('The connection to Redis was closed')));
  });
}

function ioRedisCommands(client: IoRedisClient): RedisCommands {
  listenToErrors(client);
  return {
    isReady: () => client.status === 'ready' || client.status === 'connect' || client.status === 'wait',
    eval: (script, keys, args) => client.eval(script, keys.length, ...keys, ...args),
    mget: (keys) => client.mget(keys),
    publish: (channel, message) => client.publish(channel, message),
    async subscribe(channel, listener) {
      const subscriber = client.duplicate();
      listenToErrors(subscriber);
      subscriber.on('message', (from: string, message: string) => {
        if (from === channel) listener(message);
      });
      await endingTogether(
        client,
        () => subscriber.disconnect(),
        async () => {
          await connected(subscriber);
          await subscriber.subscribe(channel);
        },
      );
      return async () => {
        await subscriber.quit();
      };
    },
  };
}

const listenedTo = new WeakSet<object>();

/** An emitter's error that nobody listens to ends the process; requests learn of it from their own commands. */
function listenToErrors(client: { on?(event: string, listener: (error: unknown) => void): unknown }): void {
  if (listenedTo.has(client)) return;
  listenedTo.add(client);
  client.on?.('error', () => undefined);
}
