import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { AUDIENCE, type BenchAlgorithm, ISSUER, type Keys, SCOPE, USER } from './peers/contract';

export const ALGORITHMS: readonly BenchAlgorithm[] = ['HS256', 'RS256', 'ES256'];

export function keysOf(algorithm: BenchAlgorithm): Keys {
  const secret = 'a secret of forty bytes, for benchmarks.';
  if (algorithm === 'HS256') return { secret, verifying: secret };
  const { privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    verifying: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string,
  };
}

/** A token as an identity provider writes them, good for as long as a benchmark takes. */
export function tokenOf(
  { secret }: Keys,
  algorithm: BenchAlgorithm,
  { jti = '0', scopes = [SCOPE, 'notes:write'] }: { jti?: string; scopes?: readonly string[] } = {},
): string {
  const claims = { sub: USER.email, name: USER.name, scopes, jti, iss: ISSUER, aud: AUDIENCE };
  return jwt.sign(claims, secret, { algorithm, expiresIn: '1d' });
}
