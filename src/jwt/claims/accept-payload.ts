import { deepFreeze } from '../../util/json-object';
import type { ScopeClaim } from '../scope-claim';
import type { TokenPayload } from '../token-payload';
import {
  type FetchedKeysVersion,
  invalid,
  type TokenTimes,
  type VerificationFailure,
  type VerifiedToken,
} from '../verification-result';
import { areClaimsAccepted } from './accept-claims';
import type { ClaimOptions } from './claims';
import { checkTimes, type TimeOptions } from './times';

/** The rules for the payload of a genuine access token. */
export type PayloadRules = TimeOptions & Pick<ClaimOptions, 'acceptClaims'> & { readonly scopeClaim: ScopeClaim };

/** Checks the times of a genuine access token, and what the application requires of it. */
export function acceptPayload(
  payload: TokenPayload,
  now: number,
  rules: PayloadRules,
  keys?: FetchedKeysVersion,
): VerifiedToken | VerificationFailure {
  const verified = acceptTimes(payload, now, rules, rules.scopeClaim, keys);
  if (verified.payload === undefined) return verified;
  const { acceptClaims } = rules;
  return acceptClaims && !areClaimsAccepted(acceptClaims, verified.payload) ? invalid('acceptClaims') : verified;
}

const NO_SCOPES: readonly string[] = Object.freeze([]);

/** Checks the times of a genuine token, of whatever kind. @param scopeClaim - Undefined for a token that has no scopes. */
export function acceptTimes(
  payload: TokenPayload,
  now: number,
  times: TimeOptions,
  scopeClaim: ScopeClaim | undefined,
  keys?: FetchedKeysVersion,
): VerifiedToken | VerificationFailure {
  const { exp, nbf, iat } = payload;
  const own: TokenTimes = { exp, nbf, iat };
  const failure = checkTimes(own, now, times);
  if (failure) return failure;
  const scopes = scopeClaim ? Object.freeze(scopeClaim.read(payload)) : NO_SCOPES;
  return { payload: deepFreeze(payload), scopes, times: own, keys };
}
