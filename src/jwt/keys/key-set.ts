import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Algorithm } from './algorithm';
import { asymmetricKey } from './asymmetric-key';
import { invalidKey } from './invalid-key';
import type { Key } from './key';
import { parseKeys } from './parse-key';
import type { Secret, SecretKey } from './secret';
import { selectKeys, type VerificationKeys } from './verification-keys';

/** Instead of a secret: the manager has no key of its own. Not undefined, which is a secret that was forgotten. */
export const NO_KEYS = Symbol('no keys');

/** The keys of one manager. Each verifies tokens of one algorithm; the first one signs. */
export class KeySet implements VerificationKeys {
  private keys: readonly Key[];
  private testKey: Key | undefined;

  /**
   * @param secret - {@link NO_KEYS} for a manager whose keys are fetched from an issuer.
   * @param algorithms - Several for a manager that only verifies.
   * @throws {@link ConfigurationError} for a key that cannot work.
   */
  constructor(
    secret: Secret | typeof NO_KEYS,
    private readonly algorithms: readonly Algorithm[],
  ) {
    if (secret === NO_KEYS) {
      this.keys = [];
      return;
    }
    const secrets = Array.isArray(secret) ? (secret as readonly SecretKey[]) : [secret as SecretKey];
    if (secrets.length === 0)
      throw invalidKey('The array of secrets is empty; pass at least one: the first one signs, all verify');
    this.keys = secrets.flatMap((one) => parseKeys(one, algorithms));
    this.assertDistinct();
    this.assertSigner();
  }

  /** The key that signs, or undefined for a manager that only verifies. */
  get signer(): Key | undefined {
    return this.testKey ?? (this.algorithms.length === 1 && this.keys[0]?.signingKey ? this.keys[0] : undefined);
  }

  /** Adds a key that exists in this process alone, unless there is one that signs: for tests of what only verifies. */
  addTestKey(): void {
    if (this.signer) return;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    this.testKey = asymmetricKey(privateKey, 'ES256', `test-${randomUUID()}`);
    this.keys = [...this.keys, this.testKey];
  }

  /** Whether a `kid` is that of the test key. */
  isTestKey(kid: unknown): boolean {
    return kid !== undefined && kid === this.testKey?.kid;
  }

  /** The keys that have a public half. */
  get publicKeys(): readonly Key[] {
    return this.keys.filter((key) => key !== this.testKey && key.verificationKey.type === 'public');
  }

  /** Returns the bytes of the secrets and private keys, to derive other keys from. */
  privateBytes(): Buffer[] {
    return this.keys.flatMap(({ signingKey }) => {
      if (!signingKey) return [];
      return [signingKey.type === 'secret' ? signingKey.export() : signingKey.export({ format: 'der', type: 'pkcs8' })];
    });
  }

  /** Whether a key of the manager is used with this algorithm. */
  hasAlgorithm(algorithm: unknown): algorithm is Algorithm {
    return this.keys.some((key) => key.algorithm === algorithm);
  }

  keysFor(kid: string | undefined, algorithm: Algorithm): readonly Key[] {
    return selectKeys(this.keys, kid, algorithm);
  }

  private assertDistinct(): void {
    const names = this.keys.filter(({ kid }) => kid !== undefined).map(({ kid, algorithm }) => `${algorithm} ${kid}`);
    if (new Set(names).size < names.length)
      throw invalidKey('Two of the secrets are the same key or have the same kid; remove one of them');
  }

  private assertSigner(): void {
    if (!this.keys.some((key) => key.signingKey)) return;
    if (this.algorithms.length > 1) {
      if (this.keys.some(({ signingKey }) => signingKey?.type === 'private'))
        throw invalidKey(
          'A manager with several algorithms only verifies, and one of the secrets is a private key; pass public keys, or one algorithm',
        );
      return;
    }
    if (!this.signer)
      throw invalidKey('The first of the secrets is a public key, which cannot sign; put the private key first');
  }
}
