import { createHash } from 'node:crypto';
import { foreignIssuerOf } from '../../jwt/issuers/foreign-issuer';
import type { TokenPayload } from '../../jwt/token-payload';
import { chain, type MaybePromise } from '../../util/maybe-promise';
import type { RevocationTimes } from './revocation-times';
import { readSession, type Session, splitSessionId } from './session-claims';
import { EPOCH, ownerOf, parseRecord, REVOKED, type SessionRecord, sessionName, tokenName } from './session-record';
import { type SessionRecords, untilSettled } from './session-records';
import type { SessionRegistry } from './session-registry';

/**
 * How long it is kept that all logins of a user were revoked: 400 days, in milliseconds, as long as browsers keep a cookie.
 * A token without a record is not accepted when it is older, so that none outlives its revocation.
 */
export const LONGEST_TOKEN_LIFE = 400 * 24 * 3600 * 1000;

/** Why a token is not accepted any more; or the record of its session, if it has one. */
export type RevocationStatus =
  | { readonly revoked: 'token' | 'session' | 'subject'; readonly record?: undefined }
  | { readonly revoked?: undefined; readonly record?: SessionRecord | undefined };

const REASONS = {
  token: 'the token was revoked',
  session: 'the session of the token has ended',
  subject: 'all sessions of the subject were revoked',
} as const;

/** Tells the developer why a token is refused. */
export function revocationReason(revoked: keyof typeof REASONS): string {
  return REASONS[revoked];
}

/** Revokes tokens and users' logins, and tells which tokens are revoked. */
export class RevocationService {
  /** @param slidingExpiry - Milliseconds since a login for which it can be renewed; 0 if logins are not renewed. */
  constructor(
    private readonly records: SessionRecords,
    private readonly registry: SessionRegistry,
    private readonly times: RevocationTimes,
    private readonly slidingExpiry: number,
  ) {}

  /**
   * Returns the login time of a token without a record: later than the last revocation of this process, unless that came
   * after the login had begun.
   *
   * @param startedAt - When the login began, by `performance.now()`; undefined if it begins now.
   */
  loginTime(startedAt?: number): number {
    return this.times.login(this.records.now(), startedAt);
  }

  /** Says whether a token was revoked: by itself, with its session, or with all logins of its user. One round trip at most. */
  status(token: string, payload: TokenPayload): MaybePromise<RevocationStatus> {
    const session = readSession(payload);
    return session?.isRecorded
      ? this.statusOfSession(session, token, payload)
      : this.statusOfToken(session, token, payload);
  }

  /** Revokes one access token, with its renewals if it has no record; that it was revoked before is no error. */
  async revokeToken(token: string, payload: TokenPayload): Promise<void> {
    const session = readSession(payload);
    const renewableUntil = session && !session.isRecorded ? session.loginAt + this.slidingExpiry : 0;
    const expiresAt = Math.max(payload.exp * 1000, renewableUntil);
    await this.consume(ownerFor(payload), tokenIdOf(token, payload), expiresAt);
  }

  /** Ends a session without a record: its tokens are renewals of each other. That it has ended before is no error. */
  async endUnrecorded(session: Session, { sub, exp }: TokenPayload): Promise<void> {
    await this.consume(ownerOf(sub), session.id, Math.max(exp * 1000, this.records.latestEnd(session)));
  }

  /**
   * Remembers the id of a token until the token expires.
   *
   * @returns True for exactly one of all callers, on whatever server.
   */
  consume(owner: string, tokenId: string, expiresAt: number): Promise<boolean> {
    return this.records.store.write(owner, tokenName(tokenId), null, '1', this.records.ttlOf({ expiresAt }));
  }

  /** Revokes all logins of a user up to now. */
  async revokeSubject(sub: string | number): Promise<void> {
    const owner = ownerOf(sub);
    const before = this.times.revoke(this.records.now());
    await untilSettled(async () => {
      const [stored = null] = await this.records.store.read(owner, [REVOKED]);
      const latest = Math.max(before, Number(stored));
      const written = await this.records.store.write(owner, REVOKED, stored, String(latest), LONGEST_TOKEN_LIFE);
      return written || undefined;
    });
    await this.registry.endAll(owner, this.records.now() + LONGEST_TOKEN_LIFE);
  }

  private statusOfSession(session: Session, token: string, payload: TokenPayload): MaybePromise<RevocationStatus> {
    const parts = splitSessionId(session.id);
    if (!parts) return { revoked: 'session' };
    const names = [EPOCH, sessionName(parts.secret), tokenName(tokenIdOf(token, payload))];
    return chain(this.records.store.check(parts.owner, names), ([epoch = null, stored = null, revoked = null]) => {
      if (revoked !== null) return { revoked: 'token' };
      const record = parseRecord(stored);
      return record && this.records.isLive(record, epoch) ? { record } : { revoked: 'session' };
    });
  }

  private statusOfToken(
    session: Session | undefined,
    token: string,
    payload: TokenPayload,
  ): MaybePromise<RevocationStatus> {
    const issuedAt = session?.loginAt ?? (payload.iat ?? 0) * 1000;
    if (outlivesRevocation(payload, this.records.now())) return { revoked: 'token' };
    const names = [REVOKED, tokenName(tokenIdOf(token, payload)), ...(session ? [tokenName(session.id)] : [])];
    return chain(
      this.records.store.check(ownerFor(payload), names),
      ([before = null, revoked = null, ended = null]) => {
        if (revoked !== null) return { revoked: 'token' };
        if (ended !== null) return { revoked: 'session' };
        if (before !== null && !(issuedAt > Number(before))) return { revoked: 'subject' };
        return {};
      },
    );
  }
}

/** Whether a token could be accepted at a time when it is forgotten that its user's logins were revoked. */
function outlivesRevocation({ iat, exp }: TokenPayload, now: number): boolean {
  return iat === undefined ? exp * 1000 - now > LONGEST_TOKEN_LIFE : now - iat * 1000 > LONGEST_TOKEN_LIFE;
}

/**
 * A session without a record is one token and its renewals, so its id stands for all of them. A token without any id is
 * known by what is signed, because an ECDSA signature has more than one spelling.
 */
function tokenIdOf(token: string, payload: TokenPayload): string {
  const session = readSession(payload);
  if (session && !session.isRecorded) return session.id;
  const { jti } = payload;
  if (typeof jti === 'string') return jti;
  return createHash('sha256')
    .update(token.includes('.') ? token.slice(0, token.lastIndexOf('.')) : token)
    .digest('base64url');
}

function ownerFor(payload: TokenPayload): string {
  const session = readSession(payload);
  return (session?.isRecorded && splitSessionId(session.id)?.owner) || ownerOf(payload.sub, foreignIssuerOf(payload));
}
