import type { KeyObject } from 'node:crypto';
import type { Algorithm } from './algorithm';

/** A parsed key of a manager. */
export interface Key {
  /** The only algorithm the key is used with (RFC 8725 §3.1). */
  readonly algorithm: Algorithm;
  /** Signs tokens; undefined if only the public key is known. */
  readonly signingKey: KeyObject | undefined;
  /** Verifies tokens; of an HMAC secret the same as {@link signingKey}. */
  readonly verificationKey: KeyObject;
  /**
   * Names the key in the tokens it signs: the configured `kid`, or the thumbprint of a public key. Undefined for an HMAC
   * secret without a `kid`, because a hash of the secret could be attacked offline.
   */
  readonly kid: string | undefined;
  /** Whether the application configured the `kid`. */
  readonly hasConfiguredKid: boolean;
}
