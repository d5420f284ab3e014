import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { ConfigurationError } from '../errors/configuration-error';
import { InvalidGrantError } from '../errors/oauth2-error';
import { isSubject } from '../jwt/claims/claims';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import { type Duration, parseDuration } from '../util/duration';
import { copyOwnProperties } from '../util/own-properties';
import { assertKnownKeys, parseCallOptions } from '../util/validate';
import type { RevocationService } from './registry/revocation-service';
import { ownerOf } from './registry/session-record';
import type { TokenIssuer } from './token-issuer';

/**
 * The contents of a new one-time token.
 *
 * @example
 * ```ts
 * { purpose: 'magic-link', sub: account.id, expires: '10m', data: { returnTo: '/notes' } }
 * ```
 */
export interface OneTimeTokenRequest {
  /** The only purpose that the token is accepted for, such as `'password-reset'`. */
  purpose: string;
  /** The subject: the user that the token is for. */
  sub: string | number;
  /** Its lifetime: seconds, or a string such as `'1h'`. */
  expires: Duration;
  /** Data that `redeem` returns with the subject. Everyone who has the token can read it. Default: none. */
  data?: Readonly<Record<string, unknown>>;
  /**
   * A value that the token is bound to, such as the hash of the current password: the token is invalid once the value has
   * changed. The token contains a keyed hash of it. Required without a session store.
   */
  bind?: string;
}

/** The contents of a redeemed one-time token. */
export interface RedeemedToken {
  /** The subject: the user that the token is for. */
  readonly sub: string | number;
  /** The data that the token was created with; undefined if there was none. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/** Makes and redeems tokens that are good once: for password resets, verified addresses and magic links. */
export class OneTimeTokens {
  /** @param hashKeys - The first hashes, all are tried. */
  constructor(
    private readonly issuer: TokenIssuer,
    private readonly verifier: TokenVerifier,
    private readonly revocations: RevocationService | undefined,
    private readonly hashKeys: readonly Buffer[],
  ) {}

  /** @throws {@link ConfigurationError} for an invalid request, and without both a store and `bind`. */
  create(request: OneTimeTokenRequest): string {
    if (typeof request !== 'object' || request === null)
      throw invalidOneTimeToken('createOneTimeToken() requires { purpose, sub, expires }');
    assertKnownKeys(request, ['purpose', 'sub', 'expires', 'data', 'bind'], 'createOneTimeToken()');
    const { purpose, sub, expires, data, bind } = copyOwnProperties(request);
    assertPurpose(purpose, 'createOneTimeToken');
    assertBind(bind, 'createOneTimeToken');
    if (!isSubject(sub))
      throw invalidOneTimeToken('createOneTimeToken() requires sub, a non-empty string or a safe integer');
    if (!this.revocations && bind === undefined)
      throw invalidOneTimeToken(
        'A one-time token needs a session store or bind, or else it could be used again; set sessionStore or pass bind',
      );
    const lifetime = parseDuration(expires, 'expires');
    return this.issuer.oneTime({ sub }, lifetime, {
      jti: randomUUID(),
      purpose,
      ...(data !== undefined && { data }),
      ...(bind !== undefined && { bind: this.hash(bind, sub, this.hashKeys[0]) }),
    });
  }

  /**
   * @throws {@link InvalidGrantError} for a token that is invalid, expired, for another purpose, bound to something else
   * or used.
   */
  async redeem(
    token: string,
    purpose: string,
    options?: { readonly bind?: string | undefined },
  ): Promise<RedeemedToken> {
    const { bind } = parseCallOptions(options, ['bind'], 'redeem()');
    assertPurpose(purpose, 'redeem');
    assertBind(bind, 'redeem');
    const { payload } = this.verifier.verifyOneTimeToken(token);
    if (!payload || payload.purpose !== purpose || !this.isBound(payload, bind)) throw invalid();
    const isFirst =
      !this.revocations ||
      (await this.revocations.consume(ownerOf(payload.sub), `one-time ${payload.jti}`, payload.exp * 1000));
    if (!isFirst) throw invalid();
    return { sub: payload.sub, data: payload.data as RedeemedToken['data'] };
  }

  /** A token without `bind` is accepted with any; one that has it needs the same. */
  private isBound({ bind: bound, sub }: TokenPayload, bind: string | undefined): boolean {
    if (bound === undefined) return this.revocations !== undefined;
    if (typeof bound !== 'string' || bind === undefined) return false;
    return this.hashKeys.some((key) => isEqual(this.hash(bind, sub, key), bound));
  }

  private hash(bind: string, sub: string | number, key: Buffer | undefined): string {
    return createHmac('sha256', key ?? '')
      .update(JSON.stringify([sub, bind]))
      .digest('base64url');
  }
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function assertPurpose(purpose: unknown, method: string): void {
  if (typeof purpose === 'string' && purpose !== '') return;
  throw invalidOneTimeToken(`${method}() requires a purpose, such as 'password-reset'`);
}

function assertBind(bind: unknown, method: string): void {
  if (bind === undefined || (typeof bind === 'string' && bind !== '')) return;
  throw invalidOneTimeToken(`bind of ${method}() must be a non-empty string, such as the hash of the password`);
}

function invalid(): InvalidGrantError {
  return new InvalidGrantError('The link is invalid, has expired or has been used');
}

function invalidOneTimeToken(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'sessions-and-stores' });
}
