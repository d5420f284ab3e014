import { createHash } from 'node:crypto';
import type { TokenPayload } from '../jwt/token-payload';
import type { Clock } from '../util/clock';
import { FailClosedStore } from './fail-closed-store';
import type { RevocationStore } from './revocation-store';
import { readSession } from './session-claims';

/** What is known of a token's revocation. */
export interface RevocationStatus {
  /** The token itself is revoked; of a refresh token: it has been used. */
  readonly token: boolean;
  /** Its family is, or all logins of its subject up to its own. */
  readonly session: boolean;
  /** All logins of its subject up to its own are. */
  readonly subject: boolean;
}

/** Tells the developer why a token is refused. */
export function revocationReason({ token, subject }: RevocationStatus): string {
  if (token) return 'the token was revoked';
  return subject ? 'all sessions of the subject were revoked' : 'the session of the token was revoked';
}

/** Takes tokens, families and logins back, and knows which were. */
export class RevocationService {
  private lastLoginAt = 0;
  private lastRevokedAt = 0;

  /** @param longest - How long any token may be accepted, in milliseconds. */
  constructor(
    private readonly store: RevocationStore,
    private readonly clock: Clock,
    private readonly longest: number,
    private readonly toleranceMs: number,
  ) {}

  /** The time of a login that begins now: after every revocation of this process, within one millisecond too. */
  loginTime(): number {
    this.lastLoginAt = Math.max(this.clock(), this.lastRevokedAt + 1);
    return this.lastLoginAt;
  }

  /** In one question to the store. */
  async status(token: string, payload: TokenPayload): Promise<RevocationStatus> {
    const session = readSession(payload);
    const ids = [tokenId(token, payload), subjectId(payload.sub), ...(session ? [sessionId(session.id)] : [])];
    const [ofToken = null, ofSubject = null, ofFamily = null] = await this.store.revokedAt(ids);
    const loginAt = session?.loginAt ?? (payload.iat ?? 0) * 1000;
    const subject = ofSubject !== null && loginAt <= ofSubject;
    return { token: ofToken !== null, session: ofFamily !== null || subject, subject };
  }

  /** True for exactly one of all that try, on whatever server. */
  revokeToken(token: string, payload: TokenPayload): Promise<boolean> {
    return this.revoke(tokenId(token, payload), payload.exp * 1000);
  }

  /** @param expiresAt - When the last token of the family expires, in milliseconds since the epoch. */
  revokeSession(family: string, expiresAt: number): Promise<boolean> {
    return this.revoke(sessionId(family), expiresAt);
  }

  /** All logins up to now. */
  async revokeSubject(sub: string | number): Promise<void> {
    await this.revoke(subjectId(sub), this.clock() + this.longest);
  }

  private revoke(id: string, expiresAt: number): Promise<boolean> {
    const at = Math.max(this.clock(), this.lastLoginAt); // that login may be ahead of the clock
    this.lastRevokedAt = Math.max(this.lastRevokedAt, at);
    return this.store.revoke(id, at, Math.ceil(expiresAt) + this.toleranceMs);
  }
}

/** A token without an id is known by what is signed; of a signature there may be more than one spelling (ECDSA). */
function tokenId(token: string, { jti }: TokenPayload): string {
  if (typeof jti === 'string') return `token:${jti}`;
  const signed = token.slice(0, token.lastIndexOf('.'));
  return `token:${createHash('sha256').update(signed).digest('base64url')}`;
}

function sessionId(family: string): string {
  return `family:${family}`;
}

function subjectId(sub: string | number): string {
  return `subject:${sub}`;
}

/** What of a manager's settings decides about revocation. */
export interface RevocationSettings {
  readonly revocation: RevocationStore | undefined;
  /** Milliseconds. */
  readonly storeTimeout: number;
  /** Seconds; so is the next. */
  readonly refreshExpiry: number;
  readonly clockTolerance: number;
  readonly clock: Clock;
}

/** Undefined without a store. */
export function createRevocations(settings: RevocationSettings): RevocationService | undefined {
  const { revocation, storeTimeout, refreshExpiry, clockTolerance, clock } = settings;
  if (!revocation) return undefined;
  return new RevocationService(
    new FailClosedStore(revocation, storeTimeout),
    clock,
    refreshExpiry * 1000,
    clockTolerance * 1000,
  );
}
