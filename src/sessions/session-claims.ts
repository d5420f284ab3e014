import { randomUUID } from 'node:crypto';
import type { TokenPayload } from '../jwt/token-payload';

/** What ties the tokens of one login together, so that they can be revoked. */
export interface Session {
  /** The family: all tokens that go back to one login. */
  readonly id: string;
  /** The time of the login, in milliseconds since the epoch; a refresh copies it. */
  readonly loginAt: number;
}

/** The claims of a session, in the order they are written; `sid` as in OpenID Connect. */
export const SESSION_CLAIMS = ['jti', 'sid', 'login_at'] as const;

export function createSession(loginAt: number): Session {
  return { id: randomUUID(), loginAt };
}

/** Each token has an id of its own. */
export function writeSession({ id: family, loginAt }: Session): Record<(typeof SESSION_CLAIMS)[number], unknown> {
  return { jti: randomUUID(), sid: family, login_at: loginAt };
}

/** Undefined for a token that was made without a session: by somebody else, or before there was a store. */
export function readSession({ sid, login_at }: TokenPayload): Session | undefined {
  return typeof sid === 'string' && Number.isFinite(login_at) ? { id: sid, loginAt: login_at as number } : undefined;
}
