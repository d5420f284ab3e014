import type { TokenPayload } from './token-payload';

/** The times of a token, in seconds since the epoch: always the same three members, so that checks of them are fast. */
export interface TokenTimes {
  readonly exp: number;
  readonly nbf: number | undefined;
  readonly iat: number | undefined;
}

/** The content of a valid token. It may be shared between requests, so it is frozen. */
export interface VerifiedToken {
  readonly payload: TokenPayload;
  readonly scopes: readonly string[];
  readonly times: TokenTimes;
  /** The fetched keys that verified it; undefined for the manager's own keys. */
  readonly keys: FetchedKeysVersion | undefined;
}

/** Tells whether keys that were fetched have changed since. */
export interface FetchedKeysVersion {
  readonly set: { isCurrent(version: object, now: number): boolean };
  readonly version: object;
}

/** Why a token was not accepted. */
export interface VerificationFailure {
  /** An own property, so that nothing is read from a polluted `Object.prototype`. */
  readonly payload: undefined;
  /** The code for the client. */
  readonly code: 'token_expired' | 'token_invalid';
  /** The reason for the developer, such as `signature` or `expired since 2030-01-01T00:00:00.000Z`; not for the client. */
  readonly reason: string;
}

/** A valid token, or why it was not accepted. */
export type VerificationResult = VerifiedToken | VerificationFailure;

/** Creates the result for an invalid token. */
export function invalid(reason: string): VerificationFailure {
  return { payload: undefined, code: 'token_invalid', reason };
}

/** Creates the result for an expired token. */
export function expired(reason: string): VerificationFailure {
  return { payload: undefined, code: 'token_expired', reason };
}
