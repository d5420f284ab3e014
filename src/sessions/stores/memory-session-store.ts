import { type Clock, systemClock, toSafeClock } from '../../util/clock';
import type { SessionStore, StoredRecord } from './session-store';

interface Entry {
  readonly value: string;
  /** By the injected clock, in milliseconds. */
  readonly expiresAt: number;
  /** By the process's monotonic clock, in milliseconds. */
  readonly writtenAt: number;
}

type Owners = Map<string, Map<string, Entry>>;

/** An entry, and where it is. */
interface Located {
  readonly owners: Owners;
  readonly owner: string;
  readonly records: Map<string, Entry>;
  readonly name: string;
  readonly entry: Entry;
}

/** Milliseconds between two slices of the sweep, and the longest time that a slice takes. */
const SWEEP_INTERVAL = 1000;
const SWEEP_SLICE = 4;

/** Maps that the owners are spread over: one map of a million owners blocks for 20 ms and more when it grows or shrinks. */
const SHARDS = 256;

/** Records that are looked at before the time is looked at again. */
const SWEEP_BATCH = 256;

/**
 * Keeps sessions in the memory of one process: for one server, for development and for tests. All logins end with the
 * process.
 *
 * @example
 * ```ts
 * new LoginManager(SECRET, '/login', { sessionStore: new MemorySessionStore() });
 * ```
 */
export class MemorySessionStore implements SessionStore {
  private readonly clock: Clock;
  private readonly shards: readonly Owners[] = Array.from({ length: SHARDS }, () => new Map());
  private sweeper: NodeJS.Timeout | undefined;
  private position: Generator<Located> | undefined;
  private readonly listeners = new Set<(message: string) => void>();

  /** @param clock - Milliseconds since the epoch; for tests. Default: `Date.now`. */
  constructor(clock: Clock = systemClock) {
    this.clock = toSafeClock(clock);
  }

  /** The number of records, expired ones that have not been swept included. */
  get size(): number {
    let size = 0;
    for (const owners of this.shards) {
      for (const records of owners.values()) size += records.size;
    }
    return size;
  }

  async read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    const records = this.shardOf(owner).get(owner);
    return names.map((name) => this.live(records?.get(name))?.value ?? null);
  }

  async write(
    owner: string,
    name: string,
    expected: string | null,
    value: string | null,
    ttl: number,
  ): Promise<boolean> {
    const owners = this.shardOf(owner);
    const records = owners.get(owner) ?? new Map<string, Entry>();
    if ((this.live(records.get(name))?.value ?? null) !== expected) return false;
    if (value === null) records.delete(name);
    else records.set(name, { value, expiresAt: this.clock() + ttl, writtenAt: performance.now() });
    if (records.size === 0) owners.delete(owner);
    else owners.set(owner, records);
    if (value !== null) this.sweeper ??= setInterval(() => this.sweep(), SWEEP_INTERVAL).unref();
    return true;
  }

  async age(owner: string, name: string): Promise<number | null> {
    const entry = this.live(this.shardOf(owner).get(owner)?.get(name));
    return entry ? performance.now() - entry.writtenAt : null;
  }

  async list(owner: string): Promise<StoredRecord[]> {
    const records = [...(this.shardOf(owner).get(owner) ?? [])];
    return records.flatMap(([name, entry]) => (this.live(entry) ? [{ name, value: entry.value }] : []));
  }

  async publish(message: string): Promise<void> {
    for (const listener of this.listeners) listener(message);
  }

  async subscribe(listener: (message: string) => void): Promise<() => Promise<void>> {
    this.listeners.add(listener);
    return async () => {
      this.listeners.delete(listener);
    };
  }

  private live(entry: Entry | undefined): Entry | undefined {
    const now = this.clock();
    if (Number.isNaN(now)) throw new Error('The clock of the session store gives no time');
    return entry && entry.expiresAt > now ? entry : undefined;
  }

  /** Removes expired records, a few milliseconds' worth at a time, so that a million of them block nobody. */
  private sweep(): void {
    const now = this.clock(); // NaN, if it gives no time, makes nothing expire
    const until = performance.now() + SWEEP_SLICE;
    this.position ??= this.records();
    for (let looked = 1; ; looked += 1) {
      const step = this.position.next();
      if (step.done) {
        this.position = undefined;
        break;
      }
      const { owners, owner, records, name, entry } = step.value;
      if (entry.expiresAt <= now) records.delete(name);
      if (records.size === 0) owners.delete(owner);
      if (looked % SWEEP_BATCH === 0 && performance.now() >= until) break;
    }
    if (this.shards.some((owners) => owners.size > 0)) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
    this.position = undefined;
  }

  private *records(): Generator<Located> {
    for (const owners of this.shards) {
      for (const [owner, records] of owners) {
        for (const [name, entry] of records) yield { owners, owner, records, name, entry };
      }
    }
  }

  /** Subjects are hashed, so the ends of owners are evenly distributed. */
  private shardOf(owner: string): Owners {
    const { length } = owner;
    const number = owner.charCodeAt(length - 1) * 31 + owner.charCodeAt(length - 2);
    return this.shards[number % SHARDS] ?? (this.shards[0] as Owners);
  }
}
