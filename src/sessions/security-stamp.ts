import { createHmac } from 'node:crypto';
import { invalidTokenContents } from '../jwt/invalid-token-contents';
import { foreignIssuerOf } from '../jwt/issuers/foreign-issuer';
import { invalidKey } from '../jwt/keys/invalid-key';
import type { TokenPayload } from '../jwt/token-payload';
import type { UserSource } from '../users/dependency';
import { isPromiseLike } from '../util/maybe-promise';

/** Characters of the hash that a token has: 96 bits. */
const LENGTH = 16;

// biome-ignore lint/suspicious/noExplicitAny: of whatever user
export type StampOption = (user: any) => string | number | Date;

/**
 * Ends logins when something about their user changes, such as the time of the last password change. A token has a
 * keyed hash of what it was at the login, so that it tells nobody what that is.
 */
export class SecurityStamp {
  /**
   * @param hashKeys - The first hashes, all are tried: those of the manager's secrets.
   * @throws {@link ConfigurationError} if there is none, because the manager has only a public key.
   */
  constructor(
    private readonly stampOf: StampOption,
    private readonly users: UserSource,
    private readonly hashKeys: readonly Buffer[],
  ) {
    if (hashKeys.length === 0)
      throw invalidKey('securityStamp needs a secret or a private key; a public key cannot hash stamps');
  }

  /** Returns the claim of a login that begins now. @throws {@link ConfigurationError} for a value that is no stamp. */
  async claims(sub: string | number): Promise<{ login_stamp: string }> {
    return this.claimsFor(await this.users.load({ action: undefined, payload: payloadOf(sub) }));
  }

  /** Returns the claim synchronously. @throws {@link ConfigurationError} for an asynchronous loader. */
  claimsNow(sub: string | number): { login_stamp: string } {
    const user = this.users.load({ action: undefined, payload: payloadOf(sub) });
    if (!isPromiseLike(user)) return this.claimsFor(user);
    Promise.resolve(user).catch(() => undefined);
    throw invalidTokenContents(
      'createAccessToken() is synchronous and cannot load the user for securityStamp; use createTokenResponse() or login()',
    );
  }

  /** Returns whether a token was made while the user's stamp was what it is now. Another issuer's token has no stamp. */
  isCurrent(user: unknown, payload: TokenPayload): boolean {
    if (foreignIssuerOf(payload) !== undefined) return true;
    const { login_stamp: claim } = payload;
    const stamp = this.stampFor(user);
    return typeof claim === 'string' && this.hashKeys.some((key) => hash(stamp, key) === claim);
  }

  /**
   * Returns the claim of a token that takes the place of another, whose stamp is current: hashed with the first key, so
   * that older ones can go. It is called as soon as that is known, because the application may change the user afterwards.
   */
  claimsOf(user: unknown): { login_stamp: string } {
    return { login_stamp: hash(this.stampFor(user), this.hashKeys[0] as Buffer) };
  }

  private claimsFor(user: unknown): { login_stamp: string } {
    if (!user) throw invalidTokenContents('data.sub must be a user that the loader finds, because of securityStamp');
    return this.claimsOf(user);
  }

  private stampFor(user: unknown): string {
    const stamp: unknown = this.stampOf(user);
    if (typeof stamp === 'string' || (typeof stamp === 'number' && Number.isFinite(stamp)))
      return `${typeof stamp} ${stamp}`;
    if (stamp instanceof Date && Number.isFinite(stamp.getTime())) return `date ${stamp.getTime()}`;
    throw invalidTokenContents('securityStamp must return a string, a finite number or a valid Date');
  }
}

function hash(stamp: string, key: Buffer): string {
  return createHmac('sha256', key).update(stamp).digest('base64url').slice(0, LENGTH);
}

function payloadOf(sub: string | number): TokenPayload {
  return { sub, exp: Number.MAX_SAFE_INTEGER };
}
