import { type ClaimOptions, validateClaims } from './claims';
import { type JoseHeader, parseCompactJws, parseJsonObject } from './compact-jws';
import type { KeySet } from './keys/key-set';
import { verifySignature } from './signature';
import type { TokenPayload } from './token-payload';
import { hasType, type TokenType } from './token-type';

/**
 * The claims of a token of this kind, if it is well formed, signed by one of the keys, and acceptable but for the time.
 * Form, signature, claims, in this order: whether a token has expired is said only of one that is ours.
 */
export function verifyToken(
  token: string,
  type: TokenType,
  keys: KeySet,
  rules: ClaimOptions,
): TokenPayload | undefined {
  const compact = parseCompactJws(token);
  if (!compact || !isAcceptable(compact.header, keys, type)) return undefined;
  const { header, signingInput: signed, payload, signature } = compact;
  const candidates = keys.keysFor(header.kid as string | undefined);
  if (
    !candidates.some(({ verificationKey: verifying }) => verifySignature(signature, signed, verifying, keys.algorithm))
  )
    return undefined;
  const claims = parseJsonObject(payload);
  return claims && validateClaims(claims, rules) ? claims : undefined;
}

/**
 * The header never chooses the algorithm, only confirms it (CVE-2022-23540). No extension is understood, so each one
 * that is critical is refused (RFC 7515 §4.1.11), and the payload is always base64url (RFC 7797). `jwk`, `jku` and
 * `x5*` are not read.
 */
function isAcceptable({ alg, typ, kid, crit, b64 }: JoseHeader, keys: KeySet, type: TokenType): boolean {
  return (
    alg === keys.algorithm &&
    hasType(typ, type) &&
    (kid === undefined || typeof kid === 'string') &&
    crit === undefined &&
    (b64 === undefined || b64 === true)
  );
}

/** What a good token says. It may be shared between requests, so nobody can change it. */
export interface VerifiedToken {
  readonly payload: TokenPayload;
  readonly scopes: readonly string[];
}

/** A good token, or why one is refused. */
export type VerificationResult =
  | VerifiedToken
  | { readonly payload?: undefined; readonly fault: 'token_expired' | 'token_invalid'; readonly reason?: string };
