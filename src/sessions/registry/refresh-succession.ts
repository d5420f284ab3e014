import type { Session } from './session-claims';
import type { SessionRecord } from './session-record';
import { type LiveRecord, type SessionRecords, untilSettled } from './session-records';

/** The refresh token that succeeds another, or why there is none. */
export type Successor =
  | {
      readonly number: number /** Milliseconds since the epoch. */;
      readonly madeAt: number;
      readonly problem?: undefined;
    }
  | { readonly problem: 'ended' | 'reused' };

/** Uses of refresh tokens that are remembered at most, for one session within the leeway. */
const MOST_USES = 16;

/** How often, and how many milliseconds apart, a write is taken back whose answer was lost. */
const UNDO_ATTEMPTS = 120;
const UNDO_INTERVAL = 1000;

/** Numbers the refresh tokens of a session, so that each has one successor, on all servers that share the store. */
export class RefreshSuccession {
  /** @param leeway - Milliseconds within which a used token is answered with its successor again. */
  constructor(
    private readonly records: SessionRecords,
    private readonly leeway: number,
  ) {}

  /**
   * Says whether a refresh token has a successor to give, before it is used up. A token that is used again too late ends
   * the session at once, whatever else is wrong with the request.
   */
  async check(session: Session, number: number): Promise<Successor['problem']> {
    return (
      await untilSettled<{ problem: Successor['problem'] }>(async () => {
        const live = await this.records.read(session);
        if (!live) return { problem: 'ended' };
        const isUsable = number >= live.record.refreshNumber || this.usedAt(live.record, number) !== undefined;
        return isUsable ? { problem: undefined } : this.endReused(live);
      })
    ).problem;
  }

  /**
   * Uses a refresh token up. Later use than within the leeway ends the session, because then two have the token
   * (RFC 9700 §4.14.2).
   */
  async succeed(session: Session, number: number): Promise<Successor> {
    return untilSettled<Successor>(async () => {
      const live = await this.records.read(session);
      if (!live) return { problem: 'ended' };
      const { record } = live;
      const now = this.records.now();
      // A number ahead of the record's is genuine all the same: the store has lost what it knew last.
      if (number >= record.refreshNumber) {
        const used = await this.replaceOrUndo(live, this.withNumber(record, number + 1, now));
        return used ? { number: number + 1, madeAt: now } : undefined;
      }
      const usedAt = this.usedAt(record, number);
      return usedAt === undefined ? this.endReused(live) : { number: number + 1, madeAt: usedAt };
    });
  }

  /** Returns when a token was used, if that was within the leeway. */
  private usedAt(record: SessionRecord, number: number): number | undefined {
    const usedAt = record.refreshedAt[record.refreshNumber - number - 1];
    return usedAt !== undefined && this.records.now() - usedAt < this.leeway ? usedAt : undefined;
  }

  private async endReused(live: LiveRecord): Promise<{ problem: 'reused' } | undefined> {
    return (await this.records.replace(live, null)) ? { problem: 'reused' } : undefined;
  }

  private withNumber(record: SessionRecord, number: number, now: number): SessionRecord {
    const recent = record.refreshedAt.filter((at) => now - at < this.leeway);
    const refreshedAt = number === record.refreshNumber + 1 ? [now, ...recent].slice(0, MOST_USES) : [now];
    return { ...record, refreshNumber: number, refreshedAt, lastUsedAt: now };
  }

  /**
   * If the answer of the store is lost, the successor has not reached anybody. The write is then taken back as soon as
   * the store answers again, so that the client's next attempt does not look like a theft, however late it comes.
   */
  private async replaceOrUndo(live: LiveRecord, next: SessionRecord): Promise<boolean> {
    try {
      return await this.records.replace(live, next);
    } catch (error) {
      this.undoLater(live, next, UNDO_ATTEMPTS);
      throw error;
    }
  }

  private undoLater(live: LiveRecord, next: SessionRecord, attempts: number): void {
    setTimeout(() => {
      this.records
        .replace({ ...live, stored: JSON.stringify(next) }, live.record)
        .catch(() => attempts > 1 && this.undoLater(live, next, attempts - 1));
    }, UNDO_INTERVAL).unref();
  }
}
