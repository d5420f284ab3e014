import { randomUUID } from 'node:crypto';
import { foreignIssuerOf } from '../../jwt/issuers/foreign-issuer';
import type { TokenPayload } from '../../jwt/token-payload';
import { randomId } from './session-record';

/** What ties the tokens of one login together. */
export interface Session {
  /** The `sid` claim: the owner of the session's record, a dot and the secret part of its name. */
  readonly id: string;
  /** The time of the login, in milliseconds since the epoch; a refresh copies it. */
  readonly loginAt: number;
  /** Whether the store has a record of it. A token that was made synchronously has none. */
  readonly isRecorded: boolean;
}

/** Claims that the manager writes about the login; `sid` as in OpenID Connect. `data` must not have them. */
export const SESSION_CLAIMS = [
  'jti',
  'sid',
  'login_at',
  'login_remember',
  'login_stamp',
  'access_lifetime',
  'refresh_number',
];

/** How the `sid` of a token without a record begins; no owner does. */
const UNRECORDED = '~.';

export function createSession(owner: string, loginAt: number): Session {
  return { id: `${owner}.${randomId()}`, loginAt, isRecorded: true };
}

/** Makes the session of one access token: it has no record, and it ends with that token. */
export function createUnrecordedSession(loginAt: number): Session {
  return { id: `${UNRECORDED}${randomId()}`, loginAt, isRecorded: false };
}

/** Returns the claims of a token of the session. */
export function writeSession({ id, loginAt }: Session, jti: string = randomUUID()): Record<string, unknown> {
  return { jti, sid: id, login_at: loginAt };
}

/** Returns the claims about a login that its next token has too: whether it ends with the browser, and its stamp. */
export function keptClaims({ login_remember, login_stamp }: TokenPayload): Record<string, unknown> {
  return {
    ...(login_remember !== undefined && { login_remember }),
    ...(login_stamp !== undefined && { login_stamp }),
  };
}

/** Returns whether the cookies of a login end with the browser, and not by their own lifetime. */
export function endsWithBrowser({ login_remember }: TokenPayload): boolean {
  return login_remember === false;
}

/** Returns undefined for a token without a session: another issuer made it, or a manager without a store. */
export function readSession(payload: TokenPayload): Session | undefined {
  const { sid, login_at: loginAt } = payload;
  if (typeof sid !== 'string' || typeof loginAt !== 'number' || !Number.isFinite(loginAt)) return undefined;
  if (foreignIssuerOf(payload) !== undefined) return undefined;
  return { id: sid, loginAt, isRecorded: !sid.startsWith(UNRECORDED) };
}

/** Returns the two parts of a session's id, or undefined for what is none. */
export function splitSessionId(id: string): { owner: string; secret: string } | undefined {
  const [, owner, secret] = /^([\w-]{1,50})\.([\w-]{1,90})$/.exec(id) ?? [];
  return owner && secret ? { owner, secret } : undefined;
}
