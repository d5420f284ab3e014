import type { Session } from './session-claims';
import { type SessionRecord, serializeRecord } from './session-record';
import { type LiveRecord, type SessionRecords, untilSettled } from './session-records';
import type { SessionRegistry } from './session-registry';

/** The refresh token that succeeds another, or why there is none. */
export type Successor =
  | {
      readonly number: number;
      /** Milliseconds since the epoch. */
      readonly madeAt: number;
      readonly problem?: undefined;
    }
  | { readonly problem: 'ended' | 'reused' };

/** Whether a refresh token can be used, and since when if it has just been made. */
export type Usability =
  | {
      /** Milliseconds since the epoch; undefined for a token that is older than the leeway, or not the youngest. */
      readonly madeAt: number | undefined;
      readonly problem?: undefined;
    }
  | { readonly problem: 'ended' | 'reused'; readonly madeAt?: undefined };

/** Uses of refresh tokens that are remembered at most, for one session within the leeway. */
const MOST_USES = 16;

/** Milliseconds between two attempts to take a write back whose answer was lost. */
const UNDO_INTERVAL = 1000;

/** A write whose answer was lost: it may have happened or not. */
interface LostWrite {
  readonly live: LiveRecord;
  readonly next: SessionRecord;
}

/** Numbers the refresh tokens of a session, so that each has one successor, on all servers that share the store. */
export class RefreshSuccession {
  /** By the id of the session. */
  private readonly lostWrites = new Map<string, Set<LostWrite>>();

  /** @param leeway - Milliseconds within which a used token is answered with its successor again. */
  constructor(
    private readonly records: SessionRecords,
    private readonly sessions: SessionRegistry,
    private readonly leeway: number,
  ) {}

  /**
   * Says whether a refresh token has a successor to give, before it is used up. A token that is used again too late ends
   * the session at once, whatever else is wrong with the request.
   */
  async check(session: Session, number: number): Promise<Usability> {
    await this.undoLostWrites(session);
    const live = await this.records.read(session);
    if (!live) return { problem: 'ended' };
    const { record } = live;
    const isUsable = number >= record.refreshNumber || this.usedAt(record, number) !== undefined;
    if (!isUsable) return { problem: await this.endReused(session) };
    return { madeAt: number === record.refreshNumber ? this.usedAt(record, number - 1) : undefined };
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
        const used = await this.replaceOrUndo(session, live, this.withNumber(record, number + 1, now));
        return used ? { number: number + 1, madeAt: now } : undefined;
      }
      const usedAt = this.usedAt(record, number);
      if (usedAt === undefined) return { problem: await this.endReused(session) };
      return { number: number + 1, madeAt: usedAt };
    });
  }

  /** Returns when a token was used, if that was within the leeway. */
  private usedAt(record: SessionRecord, number: number): number | undefined {
    const usedAt = record.refreshedAt[record.refreshNumber - number - 1];
    return usedAt !== undefined && this.records.now() - usedAt < this.leeway ? usedAt : undefined;
  }

  /** Of several uses at the same time one is told that it was one too many. */
  private async endReused(session: Session): Promise<'reused' | 'ended'> {
    return (await this.sessions.end(session.id)) ? 'reused' : 'ended';
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
  private async replaceOrUndo(session: Session, live: LiveRecord, next: SessionRecord): Promise<boolean> {
    try {
      return await this.records.replace(live, next);
    } catch (error) {
      const lost = this.lostWrites.get(session.id) ?? new Set();
      this.lostWrites.set(session.id, lost.add({ live, next }));
      if (lost.size === 1) this.undoLater(session);
      throw error;
    }
  }

  private undoLater(session: Session): void {
    setTimeout(() => {
      this.undoLostWrites(session).catch(() => this.undoLater(session));
    }, UNDO_INTERVAL).unref();
  }

  private async undoLostWrites({ id }: Session): Promise<void> {
    const lost = this.lostWrites.get(id);
    for (const write of lost ?? []) {
      if (this.records.now() < write.next.expiresAt) await this.undo(write);
      lost?.delete(write);
    }
    if (lost?.size === 0) this.lostWrites.delete(id);
  }

  /**
   * Takes a write back that has happened, and prevents one that has not happened yet: the restored record differs from
   * the one that the write expects.
   */
  private async undo({ live, next }: LostWrite): Promise<void> {
    const restored = { ...live.record, lastUsedAt: live.record.lastUsedAt + 1 };
    if (await this.records.replace({ ...live, stored: serializeRecord(next) }, restored)) return;
    await this.records.replace(live, restored);
  }
}
