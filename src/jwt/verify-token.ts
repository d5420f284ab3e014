import jwt from 'jsonwebtoken';
import { type ClaimRules, claimFault } from './claims';
import { isObject, readHeader, type TokenHeader } from './compact-token';
import type { KeyRing } from './key-ring';
import type { TokenKey } from './token-key';
import type { TokenPayload } from './token-payload';
import { isOfType, type TokenType } from './token-type';

/** A token's payload, or why it is refused. */
export type Verification = { readonly payload: TokenPayload } | { readonly fault: 'token_expired' | 'token_invalid' };

const INVALID: Verification = { fault: 'token_invalid' };

/** Form, signature, claims, in this order: whether a token has expired is said only of one that is ours. */
export function verifyToken(
  token: unknown,
  keys: KeyRing,
  rules: ClaimRules,
  type: TokenType = 'access',
): Verification {
  const header = typeof token === 'string' ? readHeader(token) : undefined;
  if (!header || !isAcceptable(header, keys, type)) return INVALID;
  for (const key of keys.candidates(header.kid as string | undefined)) {
    const claims = signedClaims(token as string, key, keys);
    if (claims === undefined) continue;
    if (!isObject(claims)) return INVALID;
    const fault = claimFault(claims, rules);
    return fault ? { fault } : { payload: claims as TokenPayload };
  }
  return INVALID;
}

/**
 * The header never chooses the algorithm, only confirms it (CVE-2022-23540). No extension is understood, so each one
 * that is critical is refused (RFC 7515 §4.1.11), and the payload is always base64url (RFC 7797). `jwk`, `jku` and
 * `x5*` are not read.
 */
function isAcceptable({ alg, typ, kid, crit, b64 }: TokenHeader, keys: KeyRing, type: TokenType): boolean {
  return (
    alg === keys.algorithm &&
    isOfType(typ, type) &&
    (kid === undefined || typeof kid === 'string') &&
    crit === undefined &&
    (b64 === undefined || b64 === true)
  );
}

/** The payload if this key signed it. The times in it are checked by {@link claimFault}, against the manager's clock. */
function signedClaims(token: string, key: TokenKey, keys: KeyRing): unknown {
  try {
    return jwt.verify(token, key.verifying, {
      algorithms: [keys.algorithm],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
  } catch {
    return undefined; // also what node:crypto throws at a signature of the wrong length
  }
}
