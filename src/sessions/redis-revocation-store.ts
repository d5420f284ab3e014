import { ConfigurationError } from '../errors/configuration-error';
import type { RevocationStore } from './revocation-store';

/** What is used of a client of the package `redis`, version 5 or 6: one server, or a cluster. */
export interface RedisClient {
  /** False while the connection is down. A cluster does not say. */
  readonly isReady?: boolean;
  get(key: string): Promise<unknown>;
  /** Not used on a cluster, where keys lie on several servers. */
  mGet?(keys: string[]): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** A cluster has these. */
  readonly masters?: unknown;
  on?(event: 'error', listener: (error: unknown) => void): unknown;
}

/** Options of {@link RedisRevocationStore}. */
export interface RedisRevocationStoreOptions {
  /** What the keys begin with. Default `'login:'`. */
  prefix?: string;
}

/**
 * Keeps the later `at` and expiry, and tells whether there was no entry: in one command, so that nothing comes between.
 * The expiry stands in the value too, because Redis before 7 cannot be asked for it.
 */
const REVOKE = `
local known = redis.call('GET', KEYS[1])
local at, expiresAt = tonumber(ARGV[1]), tonumber(ARGV[2])
if known then
  local knownAt, knownExpiresAt = string.match(known, '^(%-?[%d.]+):(%d+)$')
  at = math.max(at, tonumber(knownAt))
  expiresAt = math.max(expiresAt, tonumber(knownExpiresAt))
end
redis.call('SET', KEYS[1], string.format('%.0f:%.0f', at, expiresAt), 'PXAT', string.format('%.0f', expiresAt))
return known and 0 or 1
`;

/**
 * Revocations in Redis (6.2 or newer), for any number of servers. A check is one round trip, a revocation one atomic
 * command; entries expire by themselves. What Redis loses (a fail-over before replication, a flush) is not revoked any
 * more.
 */
export class RedisRevocationStore implements RevocationStore {
  private readonly prefix: string;

  /**
   * @param client - Connected; it stays the application's to close.
   * @throws {@link ConfigurationError} for what is no client.
   */
  constructor(
    private readonly client: RedisClient,
    { prefix = 'login:' }: RedisRevocationStoreOptions = {},
  ) {
    if (typeof client?.get !== 'function' || typeof client.eval !== 'function') {
      throw new ConfigurationError(
        "RedisRevocationStore needs a connected client of the package 'redis': await createClient({ url }).connect()",
      );
    }
    this.prefix = prefix;
    listenToErrors(client);
  }

  async revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    this.refuseWhileDown();
    const answer = await this.client.eval(REVOKE, {
      keys: [this.prefix + id],
      arguments: [String(at), String(expiresAt)],
    });
    return Number(answer) === 1;
  }

  async revokedAt(ids: string[]): Promise<(number | null)[]> {
    this.refuseWhileDown();
    const values = await this.read(ids.map((id) => this.prefix + id));
    return values.map((value) => (value === null || value === undefined ? null : Number.parseFloat(String(value))));
  }

  /** On a cluster the commands of one moment go out together, to each server its own. */
  private async read(keys: string[]): Promise<unknown[]> {
    if (keys.length === 0) return [];
    if (this.client.mGet && this.client.masters === undefined) return (await this.client.mGet(keys)) as unknown[];
    return Promise.all(keys.map((key) => this.client.get(key)));
  }

  /** A client without its connection keeps commands for later, one for each request: they would pile up. */
  private refuseWhileDown(): void {
    if (this.client.isReady === false) throw new Error('The connection to Redis is down');
  }
}

const listenedTo = new WeakSet<RedisClient>();

/** An emitter's error that nobody listens to ends the process; requests hear of it by themselves. */
function listenToErrors(client: RedisClient): void {
  if (listenedTo.has(client)) return;
  listenedTo.add(client);
  client.on?.('error', () => undefined);
}
