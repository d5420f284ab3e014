import { createHash, randomBytes } from 'node:crypto';

/** What is kept of one session. All times are milliseconds since the epoch. */
export interface SessionRecord {
  /** The id of the user's epoch in which the session began. */
  readonly epoch: string;
  readonly loginAt: number;
  readonly lastUsedAt: number;
  /** When the last token of the session expires, as far as it has been renewed. */
  readonly expiresAt: number;
  /** The number of the youngest refresh token, from 0. */
  readonly refreshNumber: number;
  /** When the youngest refresh tokens were made, the youngest first; those within the leeway only. */
  readonly refreshedAt: readonly number[];
  readonly address?: string;
  readonly userAgent?: string;
}

export function serializeRecord(record: SessionRecord): string {
  return JSON.stringify(record);
}

/** Returns undefined for a record that is absent, or that is not one of a session: such a session has ended. */
export function parseRecord(stored: string | null): SessionRecord | undefined {
  if (stored === null) return undefined;
  try {
    const record = JSON.parse(stored) as SessionRecord;
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(record: Partial<SessionRecord> | null): record is SessionRecord {
  return (
    typeof record?.epoch === 'string' &&
    [record.loginAt, record.lastUsedAt, record.expiresAt, record.refreshNumber].every(Number.isFinite) &&
    Array.isArray(record.refreshedAt)
  );
}

/** The name of the record of a user's epoch: sessions of an earlier epoch have ended. */
export const EPOCH = 'epoch';

/** The name of the record that all logins of a user were revoked; its value is the time. */
export const REVOKED = 'revoked';

/** A user's epoch. It is there as long as the user has sessions, and another one after all of them were revoked. */
export interface Epoch {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly keepUntil: number;
}

/** The string differs each time, so that a login is never mistaken for one before it. */
export function serializeEpoch({ id, keepUntil }: Epoch): string {
  return `${id}.${Math.ceil(keepUntil)}.${randomBytes(6).toString('base64url')}`;
}

export function parseEpoch(stored: string | null | undefined): Epoch | undefined {
  const [id, keepUntil] = stored?.split('.') ?? [];
  return id && keepUntil ? { id, keepUntil: Number(keepUntil) } : undefined;
}

const SESSION_PREFIX = 'session:';

/** Returns the name of the record of a session. */
export function sessionName(secret: string): string {
  return `${SESSION_PREFIX}${secret}`;
}

/** Returns the id of the session that a record is of, or undefined if it is of none. */
export function sessionIdOf(owner: string, name: string): string | undefined {
  return name.startsWith(SESSION_PREFIX) ? `${owner}.${name.slice(SESSION_PREFIX.length)}` : undefined;
}

/** Returns the name of the record of a token that was revoked by itself, or used up. */
export function tokenName(tokenId: string): string {
  return `token:${createHash('sha256').update(tokenId).digest('base64url')}`;
}

/**
 * Returns the owner of all records of a user. It is a hash, because a subject can have any length and any characters.
 *
 * @param issuer - Of another issuer's user: equal subjects of two issuers are two users.
 */
export function ownerOf(sub: string | number, issuer?: string): string {
  const identity = JSON.stringify([issuer ?? null, String(sub)]);
  return createHash('sha256').update(identity).digest('base64url').slice(0, 22);
}

/** Makes an id that nobody can guess. */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}
