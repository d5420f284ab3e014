import { ConfigurationError } from '../../errors/configuration-error';
import { ServiceUnavailableError } from '../../errors/service-unavailable-error';
import type { Clock } from '../../util/clock';
import type { FailClosedStore } from '../stores/fail-closed-store';
import { type Session, splitSessionId } from './session-claims';
import { EPOCH, parseEpoch, parseRecord, type SessionRecord, serializeRecord, sessionName } from './session-record';

export interface RecordOptions {
  readonly clock: Clock;
  /** Milliseconds; a session ends so long after its login. */
  readonly longestSession: number;
  /** Milliseconds that the clocks of servers may differ. */
  readonly clockTolerance: number;
}

/** The record of a live session, as it was read. */
export interface LiveRecord {
  readonly owner: string;
  readonly name: string;
  readonly record: SessionRecord;
  /** The string that the store has; it is expected when the record is replaced. */
  readonly stored: string;
  /** Until when the user's epoch is kept, in milliseconds since the epoch. */
  readonly keptUntil: number;
}

/** Milliseconds that the clocks of servers differ at most, beside the tolerance. */
const CLOCK_DIFFERENCE = 5000;

/** How often a record is read again because it has changed before it could be replaced. */
const ATTEMPTS = 100;

/** Reads and replaces the records of sessions. */
export class SessionRecords {
  constructor(
    readonly store: FailClosedStore,
    private readonly options: RecordOptions,
  ) {}

  /** Returns milliseconds since the epoch. @throws {@link ConfigurationError} if the clock gives no time. */
  now(): number {
    const now = this.options.clock();
    if (Number.isFinite(now)) return now;
    throw new ConfigurationError(
      'The option clock returned no finite number; it must return milliseconds since the epoch, as Date.now does',
    );
  }

  /**
   * Returns whether a session counts: for this manager, which may allow less than the one that began it.
   *
   * @param epoch - The user's epoch, as it is stored.
   */
  isLive(record: SessionRecord, epoch: string | null | undefined): boolean {
    const now = this.now() - this.options.clockTolerance;
    return record.epoch === parseEpoch(epoch)?.id && now < record.expiresAt && now < this.latestEnd(record);
  }

  /** Returns the record of a session, or undefined if the session has ended. */
  async read(session: Session): Promise<LiveRecord | undefined> {
    const parts = splitSessionId(session.id);
    if (!parts) return undefined;
    const name = sessionName(parts.secret);
    const [epoch = null, stored = null] = await this.store.read(parts.owner, [EPOCH, name]);
    const record = parseRecord(stored);
    if (!record || stored === null || !this.isLive(record, epoch)) return undefined;
    return { owner: parts.owner, name, record, stored, keptUntil: parseEpoch(epoch)?.keepUntil ?? 0 };
  }

  /** Replaces a record, or removes it. Returns false if it has changed since it was read. */
  replace({ owner, name, stored }: Omit<LiveRecord, 'keptUntil'>, next: SessionRecord | null): Promise<boolean> {
    if (next === null) return this.store.write(owner, name, stored, null, 0);
    return this.store.write(owner, name, stored, serializeRecord(next), this.ttlOf(next));
  }

  /** Returns when a session ends at the latest, in milliseconds since the epoch. */
  latestEnd({ loginAt }: Pick<Session, 'loginAt'>): number {
    return loginAt + this.options.longestSession;
  }

  /** Returns how long a record is kept, in milliseconds: until no server accepts its tokens, however late its clock is. */
  ttlOf({ expiresAt }: Pick<SessionRecord, 'expiresAt'>): number {
    return Math.max(1, expiresAt - this.now() + 2 * this.options.clockTolerance + CLOCK_DIFFERENCE);
  }
}

/**
 * Tries a step until it gives a result. A step that gives undefined has lost against another process, which has changed
 * the record in between.
 */
export async function untilSettled<T>(step: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const result = await step();
    if (result !== undefined) return result;
  }
  const cause = new Error(`The record was changed by others ${ATTEMPTS} times in a row`);
  throw new ServiceUnavailableError(undefined, { cause });
}
