import type { KeyObject } from 'node:crypto';

/** One key of a manager, parsed. */
export interface Key {
  /** Signs; absent where only a public key is known. */
  readonly signingKey: KeyObject | undefined;
  readonly verificationKey: KeyObject;
  /** Names the key in the tokens it signs; absent for an HMAC secret, see {@link thumbprint}. */
  readonly kid: string | undefined;
}
