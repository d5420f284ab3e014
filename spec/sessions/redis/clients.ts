import IoRedis, { Cluster } from 'ioredis';
import { createClient, createClientPool, createCluster } from 'redis';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5';
import type { RedisClient } from '../../../src/sessions/redis';
import { type RedisServer, usingRedis } from '../../support/redis-server';
import { until } from '../../support/until';

/** A client of one of the packages, and how it is connected and closed. */
export interface OpenClient {
  readonly client: RedisClient;
  readonly connect: () => Promise<unknown>;
  readonly close: () => unknown;
}

export type OpenClientOf = (url: string) => OpenClient;

interface NodeRedis {
  connect(): Promise<unknown>;
  destroy(): unknown;
}

const nodeRedis = <C extends RedisClient & NodeRedis>(client: C): OpenClient => ({
  client,
  connect: () => client.connect(),
  close: () => client.destroy(),
});

const ioRedis = (client: IoRedis | Cluster): OpenClient => ({
  client,
  connect: () => client.connect(),
  close: () => client.disconnect(),
});

const socket = { reconnectStrategy: 10 };

/** Clients of one server. */
export const clients: Record<string, OpenClientOf> = {
  'redis 6': (url) => nodeRedis(createClient({ url, socket })),
  'redis 5': (url) => nodeRedis(createClient5({ url, socket })),
  'redis 6, RESP 3': (url) => nodeRedis(createClient({ url, socket, RESP: 3 })),
  'redis 6, a pool': (url) => nodeRedis(createClientPool({ url, socket }, { minimum: 2, maximum: 4 })),
  ioredis: (url) => ioRedis(new IoRedis(url, { lazyConnect: true, retryStrategy: () => 10 })),
  'ioredis with a prefix of its own': (url) =>
    ioRedis(new IoRedis(url, { lazyConnect: true, retryStrategy: () => 10, keyPrefix: 'app:' })),
};

/** Clients of a cluster. */
export const clusters: Record<string, OpenClientOf> = {
  'redis 6': (url) => nodeRedis(createCluster({ rootNodes: [{ url }] })),
  'redis 5': (url) => nodeRedis(createCluster5({ rootNodes: [{ url }] })),
  ioredis: (url) => ioRedis(new Cluster([url], { lazyConnect: true, clusterRetryStrategy: () => 10 })),
};

/** A client for the suite, connected. */
export function connected(create: () => OpenClient): () => RedisClient {
  let open: OpenClient;
  before(async () => {
    open = create();
    await open.connect();
  });
  after(() => open?.close());
  return () => open.client;
}

/** A cluster of one node for the suite. */
export function usingCluster(): () => RedisServer {
  const redis = usingRedis('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
  before(async () => {
    const node = createClient({ url: redis().url });
    await node.connect();
    await node.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    await until(async () => String(await node.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok'));
    node.destroy();
  });
  return redis;
}
