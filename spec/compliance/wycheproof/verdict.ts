import { ConfigurationError } from '../../../src/errors/configuration-error';
import { parseCompactJws } from '../../../src/jwt/compact-jws';
import { type Algorithm, algorithms } from '../../../src/jwt/keys/algorithm';
import { KeySet } from '../../../src/jwt/keys/key-set';
import type { Jwk, JwkSet } from '../../../src/jwt/keys/secret';
import { verifyJws } from '../../../src/jwt/verify-token';
import { headerOf } from '../../support/tokens';

/**
 * Verifies form, header and signature with a key, as a manager does that has this key as its secret. The payloads are no
 * claims, and what is said about claims means that the signature is right.
 */
export function verdictOf(jws: string, key: Jwk | JwkSet): 'valid' | 'invalid' {
  const keys = parsed(key, algorithmFor(key, jws));
  const parts = parseCompactJws(jws);
  if (!keys || !parts) return 'invalid';
  const result = verifyJws(parts, 'access', keys, { issuer: undefined, audience: undefined, tokenProfile: undefined });
  return typeof result === 'object' || /^(claims:|malformed: the payload)/.test(result) ? 'valid' : 'invalid';
}

function parsed(key: Jwk | JwkSet, algorithm: Algorithm): KeySet | undefined {
  try {
    return new KeySet(key, [algorithm]);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** What an application would configure: the algorithm of the key, or else what its tokens are signed with. */
function algorithmFor(key: Jwk | JwkSet, jws: string): Algorithm {
  const { alg } = 'keys' in key ? (key.keys[0] ?? {}) : key;
  return find(alg) ?? find(headerOf(jws).alg) ?? 'HS256';
}

function find(name: unknown): Algorithm | undefined {
  return algorithms.find((algorithm) => algorithm === name);
}
