import { createPublicKey, createSecretKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import type { VerifiersOf, Verify } from './contract';

/** What verifies one token, in process. */
export const verifiersOf: VerifiersOf = async (algorithm, verifying): Promise<Record<string, Verify>> => {
  const { jwtVerify } = await import('jose');
  const key = algorithm === 'HS256' ? createSecretKey(Buffer.from(verifying)) : createPublicKey(verifying);
  const algorithms = [algorithm];
  return {
    jose: (token) => jwtVerify(token, key, { algorithms }),
    'fast-jwt': createVerifier({ key: verifying, algorithms, cache: false }),
    'fast-jwt with its cache': createVerifier({ key: verifying, algorithms, cache: true }),
  };
};
