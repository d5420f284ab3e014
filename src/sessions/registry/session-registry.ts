import type { FailClosedStore } from '../stores/fail-closed-store';
import { wasRevokedSince } from './login-order';
import { createSession, type Session, splitSessionId } from './session-claims';
import {
  EPOCH,
  ownerOf,
  parseEpoch,
  parseRecord,
  REVOKED,
  randomId,
  type SessionRecord,
  serializeEpoch,
  serializeRecord,
  sessionIdOf,
  sessionName,
} from './session-record';
import { type LiveRecord, type SessionRecords, untilSettled } from './session-records';

/** What a new session is made of. */
export interface NewSession {
  readonly sub: string | number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** When the login began, by `performance.now()`; undefined if it begins now. */
  readonly startedAt?: number | undefined;
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** A live session with its id. */
export interface ListedSession {
  readonly id: string;
  readonly record: SessionRecord;
}

/** How often a busy user's epoch is written again at a login before it is enough that it is still the same. */
const CONFIRMATIONS = 20;

/** In place of a record that must not be written any more, which is then no session; and for how many milliseconds. */
const GIVEN_UP = 'given up';
const GIVEN_UP_FOR = 60_000;

/** Begins, prolongs, lists and ends sessions, on all servers that share the store. */
export class SessionRegistry {
  private readonly store: FailClosedStore;

  constructor(
    private readonly records: SessionRecords,
    private readonly maxSessions: number | undefined,
  ) {
    this.store = records.store;
  }

  /**
   * Begins a session; undefined if all logins of the user were revoked since the login began.
   *
   * The record is written before the user's epoch is confirmed, so that neither `revokeAll` nor the end of another
   * session at the same moment leaves a session that counts and should not, or one that should and does not.
   */
  async begin({ sub, startedAt, ...contents }: NewSession): Promise<Session | undefined> {
    const owner = ownerOf(sub);
    const now = performance.now();
    let since = startedAt;
    const session = await untilSettled(async () => {
      if (await wasRevokedSince(this.store, owner, since)) return null;
      since ??= now; // an epoch that begins meanwhile is that of another first login, or all logins were revoked
      return this.beginInEpoch(owner, contents);
    });
    return session ?? undefined;
  }

  /** Ends the least recently used sessions of a user that are more than the user may have. */
  async endSurplus(sub: string | number): Promise<void> {
    if (this.maxSessions !== undefined) await this.endLeastRecentlyUsed(ownerOf(sub), this.maxSessions);
  }

  /** Begins a session in the user's present epoch, or their first; undefined if another epoch began meanwhile. */
  private async beginInEpoch(
    owner: string,
    contents: Omit<NewSession, 'sub' | 'startedAt'>,
  ): Promise<Session | undefined> {
    const now = this.records.now();
    const session = createSession(owner, now);
    const [stored = null] = await this.store.read(owner, [EPOCH]);
    const epoch = parseEpoch(stored)?.id ?? randomId();
    const lastUsedAt = await this.latestUse(owner, now);
    const record: SessionRecord = { ...contents, epoch, loginAt: now, lastUsedAt, refreshNumber: 0, refreshedAt: [] };
    const live = { owner, name: nameOf(session), record, stored: serializeRecord(record) };
    try {
      await this.store.write(owner, live.name, null, live.stored, this.records.ttlOf(record));
      if (await this.confirmEpoch(owner, epoch, stored, record.expiresAt)) return session;
    } catch (error) {
      await this.giveUp(live).catch(() => undefined); // whoever logs in gets no token of it
      throw error;
    }
    await this.records.replace(live, null);
    return undefined;
  }

  /** Removes a record, or prevents it from being written late: after the store was waited for in vain. */
  private async giveUp(live: Omit<LiveRecord, 'keptUntil'>): Promise<void> {
    if (await this.records.replace(live, null)) return;
    await this.store.write(live.owner, live.name, null, GIVEN_UP, GIVEN_UP_FOR);
  }

  /** If the number of sessions is limited, a new one is the last used, whatever the clocks of other servers say. */
  private async latestUse(owner: string, now: number): Promise<number> {
    if (this.maxSessions === undefined) return now;
    return Math.max(now, ...(await this.listOf(owner)).map(({ record }) => record.lastUsedAt + 1));
  }

  /**
   * Prolongs a session that is in use.
   *
   * @param expiresAt - Milliseconds since the epoch.
   * @returns When it ends now, or undefined if it has ended.
   */
  prolong(session: Session, expiresAt: number): Promise<number | null> {
    return untilSettled(async () => {
      const live = await this.records.read(session);
      if (!live) return null;
      const { record, owner, keptUntil } = live;
      const isLongEnough = record.expiresAt >= expiresAt;
      // Another request may have prolonged the session and not the epoch, because the store failed in between.
      if (isLongEnough && keptUntil >= record.expiresAt) return record.expiresAt;
      const end = Math.max(record.expiresAt, expiresAt);
      const next = { ...record, lastUsedAt: this.records.now(), expiresAt };
      if (!isLongEnough && !(await this.records.replace(live, next))) return undefined;
      await this.keepEpoch(owner, end);
      return end;
    });
  }

  /** Ends one session, and resolves to whether there was one. */
  async end(sessionId: string): Promise<boolean> {
    const parts = splitSessionId(sessionId);
    if (!parts) return false;
    const name = sessionName(parts.secret);
    const ended = await untilSettled(async () => {
      const [stored = null] = await this.store.read(parts.owner, [name]);
      if (stored === null) return false;
      return (await this.store.write(parts.owner, name, stored, null, 0)) || undefined;
    });
    if (ended) await this.shortenEpoch(parts.owner);
    return ended;
  }

  /** Returns the live sessions of a user, the newest login first. */
  list(sub: string | number): Promise<ListedSession[]> {
    return this.listOf(ownerOf(sub));
  }

  /** Ends all sessions of a user: those that are not listed end with the user's epoch. */
  async endAll(owner: string, keepUntil: number): Promise<void> {
    const epoch = serializeEpoch({ id: randomId(), keepUntil });
    await untilSettled(async () => {
      const [stored = null] = await this.store.read(owner, [EPOCH]);
      const until = Math.max(keepUntil, parseEpoch(stored)?.keepUntil ?? 0);
      const ttl = this.records.ttlOf({ expiresAt: until });
      return (await this.store.write(owner, EPOCH, stored, epoch, ttl)) || undefined;
    });
    if (!this.store.canList) return;
    for (const { name, value } of await this.store.list(owner)) {
      if (sessionIdOf(owner, name)) await this.store.write(owner, name, value, null, 0);
    }
  }

  private async listOf(owner: string): Promise<ListedSession[]> {
    const records = await this.store.list(owner);
    const epoch = records.find(({ name }) => name === EPOCH)?.value;
    const sessions = records.flatMap(({ name, value }) => {
      const id = sessionIdOf(owner, name);
      const record = parseRecord(value);
      return id && record && this.records.isLive(record, epoch) ? [{ id, record }] : [];
    });
    return sessions.sort((a, b) => b.record.loginAt - a.record.loginAt);
  }

  private async endLeastRecentlyUsed(owner: string, allowed: number): Promise<void> {
    const sessions = await this.listOf(owner);
    // Of logins in the same millisecond all servers end the same ones.
    const byUse = sessions.sort((a, b) => b.record.lastUsedAt - a.record.lastUsedAt || (a.id < b.id ? -1 : 1));
    for (const { id } of byUse.slice(allowed)) await this.end(id);
  }

  /** Writes the epoch again, so that it is kept long enough; false if it has changed: all logins were revoked. */
  private async confirmEpoch(owner: string, id: string, read: string | null, keepUntil: number): Promise<boolean> {
    let stored = read;
    for (let attempt = 0; attempt < CONFIRMATIONS; attempt += 1) {
      const epoch = { id, keepUntil: Math.max(keepUntil, parseEpoch(stored)?.keepUntil ?? 0) };
      const ttl = this.records.ttlOf({ expiresAt: epoch.keepUntil });
      if (await this.store.write(owner, EPOCH, stored, serializeEpoch(epoch), ttl)) return true;
      [stored = null] = await this.store.read(owner, [EPOCH]);
      if (stored !== null && parseEpoch(stored)?.id !== id) return false;
    }
    return stored !== null;
  }

  /**
   * Has the epoch kept at least so long. It is written again even if it is kept long enough: the end of another session
   * may be about to shorten it, and has not seen that this one is longer now.
   */
  private async keepEpoch(owner: string, keepUntil: number): Promise<void> {
    const [stored = null] = await this.store.read(owner, [EPOCH]);
    const epoch = parseEpoch(stored);
    if (epoch) await this.confirmEpoch(owner, epoch.id, stored, keepUntil);
  }

  /**
   * Keeps a user's epoch no longer than their sessions, unless all logins were revoked. Those that are too old for this
   * manager may count for another one of the store.
   */
  private async shortenEpoch(owner: string): Promise<void> {
    if (!this.store.canList) return;
    const [stored = null, revoked = null] = await this.store.read(owner, [EPOCH, REVOKED]);
    const epoch = parseEpoch(stored);
    if (!epoch || revoked !== null) return;
    const records = await this.store.list(owner);
    const ends = records.flatMap(({ name, value }) =>
      sessionIdOf(owner, name) === undefined ? [] : (parseRecord(value)?.expiresAt ?? []),
    );
    const keepUntil = Math.max(...ends);
    if (keepUntil >= epoch.keepUntil) return;
    const shorter = ends.length === 0 ? null : serializeEpoch({ id: epoch.id, keepUntil });
    await this.store.write(owner, EPOCH, stored, shorter, this.records.ttlOf({ expiresAt: keepUntil }));
  }
}

function nameOf({ id }: Session): string {
  return sessionName(splitSessionId(id)?.secret ?? '');
}
