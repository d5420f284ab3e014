import { createHmac } from 'node:crypto';
import type { KeySet } from '../jwt/keys/key-set';

/**
 * Derives a key for a purpose of its own from each secret and private key of a manager, the signing one first. There is
 * none for public keys.
 */
export function deriveKeys(keys: KeySet, purpose: string): Buffer[] {
  return keys
    .privateBytes()
    .map((secret) => createHmac('sha256', secret).update(`routing-controllers-login ${purpose}`).digest());
}
