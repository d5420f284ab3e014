import { createClient } from 'redis';
import type { SessionStore } from 'routing-controllers-login';
import { RedisSessionStore } from 'routing-controllers-login/redis';

const clientOf = (url: string) => createClient({ url });

/** Where it is kept which sessions have ended. */
export class Revocations {
  constructor(readonly store: SessionStore) {}

  /** Waits until the store can be asked. */
  async connect(): Promise<void> {}

  async close(): Promise<void> {}
}

/** In Redis, for any number of servers. While it is away they answer 503, and go on when it is back. */
export class RedisRevocations extends Revocations {
  private constructor(private readonly client: ReturnType<typeof clientOf>) {
    super(new RedisSessionStore(client, { prefix: 'notebook:' }));
  }

  static at(url: string): RedisRevocations {
    const client = clientOf(url);
    client.on('error', ({ message, code }) => console.error(`Redis: ${message || code}`));
    return new RedisRevocations(client);
  }

  override async connect(): Promise<void> {
    await this.client.connect();
  }

  override async close(): Promise<void> {
    if (this.client.isReady) await this.client.close();
    else if (this.client.isOpen) this.client.destroy();
  }
}
