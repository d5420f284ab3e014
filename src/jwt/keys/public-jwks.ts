import type { JsonWebKey } from 'node:crypto';
import { invalidKey } from './invalid-key';
import type { KeySet } from './key-set';
import type { Jwk } from './secret';

/** A JSON Web Key Set of public keys (RFC 7517 §5), each with its `kid`, `alg` and `use`. */
export interface PublicJwkSet {
  keys: Jwk[];
}

/**
 * Returns the public halves of the keys, for others to verify tokens with. HMAC secrets are left out: whoever has one can
 * sign tokens.
 *
 * @throws {@link ConfigurationError} if there is no public key.
 */
export function createPublicJwks(keys: KeySet): PublicJwkSet {
  const { publicKeys } = keys;
  if (publicKeys.length === 0)
    throw invalidKey(
      "An HMAC secret has no public half that others could verify tokens with; sign with a private key, and set algorithm to 'RS256', 'ES256' or 'EdDSA'",
    );
  return {
    keys: publicKeys.map(({ verificationKey, kid, algorithm }) => {
      const jwk: JsonWebKey = verificationKey.export({ format: 'jwk' });
      return { ...jwk, ...(kid !== undefined && { kid }), alg: algorithm, use: 'sig' } as Jwk;
    }),
  };
}
