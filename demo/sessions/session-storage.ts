import { createClient } from 'redis';
import type { SessionStore } from 'routing-controllers-login';
import { RedisSessionStore } from 'routing-controllers-login/redis';

const createRedisClient = (url: string) => createClient({ url });

/** The store of the sessions, and its connection. */
export class SessionStorage {
  constructor(readonly store: SessionStore) {}

  /** Resolves when the store can be used. */
  async connect(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Sessions in Redis, for any number of servers. While Redis is down they answer 503; they recover by themselves. */
export class RedisSessionStorage extends SessionStorage {
  private constructor(private readonly client: ReturnType<typeof createRedisClient>) {
    super(new RedisSessionStore(client, { prefix: 'notebook:' }));
  }

  static at(url: string): RedisSessionStorage {
    const client = createRedisClient(url);
    client.on('error', ({ message, code }) => console.error(`Redis: ${message || code}`));
    return new RedisSessionStorage(client);
  }

  override async connect(): Promise<void> {
    await this.client.connect();
  }

  override async close(): Promise<void> {
    if (this.client.isReady) await this.client.close();
    else if (this.client.isOpen) this.client.destroy();
  }
}
