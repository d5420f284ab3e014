import { type Clock, systemClock } from '../util/clock';
import type { RevocationStore } from './revocation-store';

interface Entry {
  readonly at: number;
  readonly expiresAt: number;
}

/** Milliseconds between two looks for what has expired. */
const SWEEP_INTERVAL = 60_000;

/**
 * Revocations in the memory of one process: for one server, for development and for tests. Entries go when they expire;
 * all of them go with the process.
 */
export class MemoryRevocationStore implements RevocationStore {
  private readonly entries = new Map<string, Entry>();
  private sweeper: NodeJS.Timeout | undefined;

  /** @param clock - Milliseconds since the epoch; for tests. */
  constructor(private readonly clock: Clock = systemClock) {}

  async revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    const known = this.live(id);
    this.entries.set(id, {
      at: Math.max(at, known?.at ?? at),
      expiresAt: Math.max(expiresAt, known?.expiresAt ?? expiresAt),
    });
    this.sweeper ??= setInterval(() => this.sweep(), SWEEP_INTERVAL).unref(); // no reason for the process to live on
    return known === undefined;
  }

  async revokedAt(ids: string[]): Promise<(number | null)[]> {
    return ids.map((id) => this.live(id)?.at ?? null);
  }

  private live(id: string): Entry | undefined {
    const entry = this.entries.get(id);
    return entry && entry.expiresAt > this.clock() ? entry : undefined;
  }

  private sweep(): void {
    for (const id of this.entries.keys()) if (!this.live(id)) this.entries.delete(id);
    if (this.entries.size > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }
}
