import { parseJsonObject } from '../util/json-object';
import { type ClaimOptions, findClaimProblem } from './claims/claims';
import { findMissingClaim } from './claims/token-profile';
import { type CompactJws, type JoseHeader, parseCompactJws } from './compact-jws';
import type { Algorithm } from './keys/algorithm';
import type { VerificationKeys } from './keys/verification-keys';
import { verifySignature } from './signature';
import type { TokenPayload } from './token-payload';
import { hasType, type TokenType } from './token-type';

/** The rules for a token, except for its times. */
export type TokenRules = Pick<ClaimOptions, 'issuer' | 'audience' | 'tokenProfile'>;

/**
 * Verifies a token, except for its times: form, header, signature and claims, in this order, so that nothing is said
 * about the claims of a token that is not ours.
 *
 * @returns The claims, or the reason why the token is invalid.
 */
export function verifyToken(
  token: string,
  type: TokenType,
  keys: VerificationKeys,
  rules: TokenRules,
): TokenPayload | string {
  const jws = parseCompactJws(token);
  return jws ? verifyJws(jws, type, keys, rules) : 'malformed';
}

/** Verifies a token that has been split, as {@link verifyToken} does. */
export function verifyJws(
  jws: CompactJws,
  type: TokenType,
  keys: VerificationKeys,
  rules: TokenRules,
): TokenPayload | string {
  const problem = findHeaderProblem(jws.header, keys, type, rules) ?? findSignatureProblem(jws, keys);
  if (problem !== undefined) return problem;
  const claims = parseJsonObject(jws.payload);
  if (!claims) return 'malformed: the payload is not a JSON object';
  return findClaimProblem(claims, rules) ?? findProfileProblem(claims, type, rules) ?? (claims as TokenPayload);
}

/**
 * The header never chooses the algorithm, only confirms it (CVE-2022-23540). No extension is understood, so each
 * critical one is refused (RFC 7515 §4.1.11), and the payload is always base64url (RFC 7797). `jwk`, `jku` and `x5*`
 * are not read.
 */
export function findHeaderProblem(
  { alg, typ, kid, crit, b64 }: JoseHeader,
  keys: Pick<VerificationKeys, 'hasAlgorithm'>,
  type: TokenType,
  { tokenProfile }: TokenRules,
): string | undefined {
  if (!keys.hasAlgorithm(alg)) return 'algorithm';
  if (!hasType(typ, type, tokenProfile)) return 'type';
  if (kid !== undefined && typeof kid !== 'string') return 'kid';
  return crit === undefined && (b64 === undefined || b64 === true) ? undefined : 'critical header';
}

function findSignatureProblem(
  { header, signingInput, signature }: CompactJws,
  keys: VerificationKeys,
): string | undefined {
  const candidates = keys.keysFor(header.kid as string | undefined, header.alg as Algorithm);
  if (candidates.length === 0) return 'kid';
  const isSigned = candidates.some(({ verificationKey, algorithm }) =>
    verifySignature(signature, signingInput, verificationKey, algorithm),
  );
  return isSigned ? undefined : 'signature';
}

function findProfileProblem(
  claims: Record<string, unknown>,
  type: TokenType,
  { tokenProfile }: TokenRules,
): string | undefined {
  if (tokenProfile === undefined || type !== 'access') return undefined;
  const missing = findMissingClaim(claims);
  return missing && `claims: ${missing} is required by RFC 9068`;
}
