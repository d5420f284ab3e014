import { ConfigurationError } from '../../errors/configuration-error';
import type { Awaitable } from '../../util/maybe-promise';
import { CheckCache } from './check-cache';
import { type IoRedisClient, type NodeRedisClient, type RedisCommands, toRedisCommands } from './redis-client';
import type { SessionStore, StoredRecord } from './session-store';

/** A client that {@link RedisSessionStore} can use: of the package `redis` 5 or 6, or of `ioredis` 5. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/**
 * Options of {@link RedisSessionStore}.
 *
 * @example
 * ```ts
 * new RedisSessionStore(client, { prefix: 'my-app:' });
 * ```
 */
export interface RedisSessionStoreOptions {
  /** The beginning of every key. Default `'login:'`. */
  prefix?: string;
  /**
   * Milliseconds for which this process does not ask Redis again whether a login has ended; from 0 to 5000, default 0. A
   * login that another process ends may still be let in here for so long, and as long after Redis has failed. Usually it
   * ends at once: processes that set `cacheFor` tell each other. What this process ends, ends at once in any case.
   * Refreshes, one-time tokens and lists of sessions always ask Redis.
   *
   * @example
   * ```ts
   * new RedisSessionStore(client, { cacheFor: 1000 });
   * ```
   */
  cacheFor?: number;
}

/** Milliseconds until a subscription that failed is tried again; until then checks are kept for `cacheFor` all the same. */
const RETRY_INTERVAL = 30_000;

/** Milliseconds. */
const LONGEST_CACHE = 5000;

/**
 * A record is kept as "<microseconds of the server's clock>:<value>", so that its age can be told. The index of an owner
 * has the names of the records and when they expire.
 *
 * KEYS: the record, the index. ARGV: '1' if a value is expected, that value, '1' if there is a new value, that value, the
 * milliseconds to keep it, the name.
 */
const WRITE = `
local found = redis.call('GET', KEYS[1])
local value = found and string.sub(found, string.find(found, ':', 1, true) + 1)
if ARGV[1] == '1' then
  if value ~= ARGV[2] then return 0 end
elseif found then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] == '1' then
  local ttl = tonumber(ARGV[5])
  redis.call('SET', KEYS[1], time[1] .. string.format('%06d', time[2]) .. ':' .. ARGV[4], 'PX', ARGV[5])
  redis.call('ZADD', KEYS[2], string.format('%.0f', now + ttl), ARGV[6])
else
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[6])
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', last[2])) end
return 1
`;

/** KEYS: the record. Answers with microseconds as a string, because numbers of scripts are integers of 32 bits or more. */
const AGE = `
local found = redis.call('GET', KEYS[1])
if not found then return false end
local time = redis.call('TIME')
local written = string.sub(found, 1, string.find(found, ':', 1, true) - 1)
return string.format('%.0f', time[1] * 1000000 + time[2] - tonumber(written))
`;

/**
 * KEYS: the index, with which the keys of the records begin, so that all of them are in one slot. A client that puts a
 * prefix of its own before keys (`keyPrefix` of ioredis) does so here as well.
 */
const LIST = `
local answer = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local found = redis.call('GET', KEYS[1] .. ':' .. name)
  if found then
    answer[#answer + 1] = name
    answer[#answer + 1] = string.sub(found, string.find(found, ':', 1, true) + 1)
  end
end
return answer
`;

/**
 * Keeps sessions in Redis 6.2 or newer, for any number of servers: one server, a pool or a cluster. A check is one round
 * trip unless `cacheFor` is set, and so is a write. Records expire by themselves, and all of one user are in one slot. What
 * Redis loses (a fail-over before replication, a flush) are logins: their users log in again.
 *
 * @example
 * ```ts
 * const client = await createClient({ url }).connect();
 * new LoginManager(SECRET, '/login', { sessionStore: new RedisSessionStore(client, { prefix: 'my-app:' }) });
 * ```
 */
export class RedisSessionStore implements SessionStore {
  private readonly redis: RedisCommands;
  private readonly prefix: string;
  /** Undefined if each check asks Redis. */
  private readonly checks: CheckCache | undefined;
  /** When to listen to changes of other processes: milliseconds of a monotonic clock. */
  private listenAt = 0;

  /**
   * @param client - Connected; the application closes it.
   * @throws `ConfigurationError` for anything but a client of `redis` or `ioredis`, and for a `cacheFor` that is no
   *   number from 0 to 5000.
   */
  constructor(client: RedisClient, { prefix = 'login:', cacheFor = 0 }: RedisSessionStoreOptions = {}) {
    this.redis = toRedisCommands(client);
    this.prefix = prefix;
    if (typeof cacheFor !== 'number' || !(cacheFor >= 0 && cacheFor <= LONGEST_CACHE))
      throw new ConfigurationError(
        `cacheFor must be a number of milliseconds from 0 to ${LONGEST_CACHE}; leave it out to ask Redis each time`,
        { section: 'sessions-and-stores' },
      );
    this.checks = cacheFor > 0 ? new CheckCache(cacheFor) : undefined;
  }

  /** Reads as {@link read} does, or returns what was read before, for `cacheFor` at most. */
  check(owner: string, names: readonly string[]): Awaitable<(string | null)[]> {
    if (!this.checks) return this.read(owner, names);
    return this.checks.get(owner, names, () => {
      if (this.redis.isReady()) this.listenToChanges();
      return this.read(owner, names);
    });
  }

  async read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    this.assertReady();
    const values = (await this.redis.mget(names.map((name) => this.key(owner, name)))) as unknown[];
    return values.map((value) => (typeof value === 'string' ? value.slice(value.indexOf(':') + 1) : null));
  }

  async write(
    owner: string,
    name: string,
    expected: string | null,
    value: string | null,
    ttl: number,
  ): Promise<boolean> {
    this.assertReady();
    const keys = [this.key(owner, name), this.index(owner)];
    const args = [flag(expected), expected ?? '', flag(value), value ?? '', String(Math.max(1, Math.ceil(ttl))), name];
    try {
      return Number(await this.redis.eval(WRITE, keys, args)) === 1;
    } finally {
      this.announceChange(owner);
    }
  }

  async age(owner: string, name: string): Promise<number | null> {
    this.assertReady();
    const microseconds = await this.redis.eval(AGE, [this.key(owner, name)], []);
    return microseconds === null || microseconds === undefined ? null : Number(microseconds) / 1000;
  }

  async list(owner: string): Promise<StoredRecord[]> {
    this.assertReady();
    const answer = (await this.redis.eval(LIST, [this.index(owner)], [])) as string[];
    const records: StoredRecord[] = [];
    for (let index = 0; index + 1 < answer.length; index += 2)
      records.push({ name: String(answer[index]), value: String(answer[index + 1]) });
    return records;
  }

  async publish(message: string): Promise<void> {
    this.assertReady();
    await this.redis.publish(this.channel, message);
  }

  subscribe(listener: (message: string) => void): Promise<() => Promise<void>> {
    return this.redis.subscribe(this.channel, listener);
  }

  /** Forgets the checks of an owner here, and in other processes as soon as the message is there. */
  private announceChange(owner: string): void {
    if (!this.checks) return;
    this.checks.forget(owner);
    if (!this.redis.isReady()) return;
    this.redis.publish(this.changes, owner).catch(() => undefined); // then others learn of it after cacheFor
  }

  private listenToChanges(): void {
    if (performance.now() < this.listenAt) return;
    this.listenAt = Number.POSITIVE_INFINITY;
    this.redis
      .subscribe(this.changes, (owner) => this.checks?.forget(owner))
      .catch(() => {
        this.listenAt = performance.now() + RETRY_INTERVAL;
      });
  }

  private get changes(): string {
    return `${this.prefix}changes`;
  }

  private get channel(): string {
    return `${this.prefix}events`;
  }

  /** The braces keep all keys of an owner in one slot of a cluster. */
  private key(owner: string, name: string): string {
    return `${this.index(owner)}:${name}`;
  }

  private index(owner: string): string {
    return `${this.prefix}{${owner}}`;
  }

  /** A client without its connection keeps commands for later, one for each request: they would pile up. */
  private assertReady(): void {
    if (!this.redis.isReady()) throw new Error('The connection to Redis is down');
  }
}

function flag(value: string | null): string {
  return value === null ? '0' : '1';
}
