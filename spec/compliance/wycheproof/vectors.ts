import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Jwk, JwkSet } from '../../../src/jwt/keys/secret';

/** Vectors with one key, as Wycheproof writes them. */
export interface VectorGroup {
  readonly comment: string;
  readonly private: Jwk | JwkSet;
  readonly public?: Jwk | JwkSet;
  readonly tests: readonly Vector[];
}

export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  /** An object in the JSON serialization. */
  readonly jws?: string | object;
  readonly jwe?: string | object;
  readonly result: 'valid' | 'invalid';
}

export interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly VectorGroup[];
}

/** The names of the files that are run. */
export const FILES = ['json_web_signature_test.json', 'json_web_crypto_test.json', 'json_web_key_test.json'] as const;

/**
 * Returns the folder with Wycheproof's vectors, which are not copied into the project: that of the environment variable
 * `WYCHEPROOF`, or `shared/vectors` beside the project or further up. Undefined if there is none.
 */
export function findVectors(): string | undefined {
  const folders = process.env.WYCHEPROOF === undefined ? candidatesAbove(__dirname) : [process.env.WYCHEPROOF];
  return folders.find((folder) => FILES.every((name) => existsSync(join(folder, name))));
}

function candidatesAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [join(folder, 'shared/vectors'), ...candidatesAbove(parent)];
}

export function readVectors(folder: string, name: string): VectorFile {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
