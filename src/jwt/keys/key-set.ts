import { ConfigurationError } from '../../errors/configuration-error';
import { type Algorithm, isHmac } from './algorithm';
import type { Key } from './key';
import { parseKey } from './parse-key';
import type { Secret, SecretKey } from './secret';

/** The keys of one manager, all for its one algorithm. */
export class KeySet {
  readonly algorithm: Algorithm;
  private readonly keys: readonly Key[];

  /** @throws {@link ConfigurationError} for a key that cannot work. */
  constructor(secret: Secret, algorithm: Algorithm) {
    this.algorithm = algorithm;
    const secrets = Array.isArray(secret) ? (secret as readonly SecretKey[]) : [secret as SecretKey];
    if (secrets.length === 0)
      throw new ConfigurationError('The list of secrets is empty: the first one signs, all verify');
    this.keys = secrets.map((one) => parseKey(one, algorithm));
    const kids = this.keys.map(({ kid }) => kid).filter((kid) => kid !== undefined);
    if (new Set(kids).size < kids.length)
      throw new ConfigurationError('Two of the secrets are the same key, or have the same kid: leave one out');
    if (
      secrets.length > 1 &&
      !isHmac(algorithm) &&
      !this.signer &&
      this.keys.some(({ signingKey: signing }) => signing)
    ) {
      throw new ConfigurationError('The first of the secrets signs, and it is a public key: put the private key first');
    }
  }

  /** The key that signs, or undefined where the manager only verifies. */
  get signer(): Key | undefined {
    return this.keys[0]?.signingKey ? this.keys[0] : undefined;
  }

  /** Returns the bytes of the secrets and private keys, to derive other keys from. */
  privateBytes(): Buffer[] {
    return this.keys.flatMap(({ signingKey }) => {
      if (!signingKey) return [];
      return [signingKey.type === 'secret' ? signingKey.export() : signingKey.export({ format: 'der', type: 'pkcs8' })];
    });
  }

  /** The keys a token can be signed with: the one it names, each where it names none, none where it is not ours. */
  keysFor(kid: string | undefined): readonly Key[] {
    return kid === undefined ? this.keys : this.keys.filter((key) => key.kid === kid);
  }
}
