import { randomUUID } from 'node:crypto';
import type { SignOptions, sign } from 'jsonwebtoken';
import { ConfigurationError } from '../errors/configuration-error';
import type { Clock } from '../util/clock';
import { copyOwnProperties } from '../util/own-properties';
import { isSubject } from './claims/claims';
import { findMissingClaim } from './claims/token-profile';
import { MAX_TOKEN_LENGTH } from './compact-jws';
import { invalidTokenContents } from './invalid-token-contents';
import { invalidKey } from './keys/invalid-key';
import type { Key } from './keys/key';
import type { KeySet } from './keys/key-set';
import type { ScopeClaim } from './scope-claim';
import { signEdDsa } from './signature';
import { getJwtType, type TokenProfile, type TokenType } from './token-type';

/** The claims of the application, `sub` among them. */
export interface TokenData {
  /** The subject: the argument of the user loader. */
  sub: string | number;
  [claim: string]: unknown;
}

/** What the manager puts into every token. */
export interface IssueOptions {
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
  readonly scopeClaim: ScopeClaim;
  readonly tokenProfile: TokenProfile | undefined;
  readonly clock: Clock;
}

/** The content of one token. */
export interface TokenContents {
  readonly type: TokenType;
  readonly data: TokenData;
  /** Seconds since the epoch. */
  readonly times: { readonly iat: number; readonly exp: number };
  readonly scopes: readonly string[] | undefined;
  /** Claims that the manager adds. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Claims that the manager's options and the other arguments set; in `data` they would contradict them. */
const RESERVED = ['iss', 'aud', 'exp', 'iat', 'jti', 'scopes', 'scope'];

/** Signs the tokens of one manager, with a key and headers that are prepared once. */
export class TokenSigner {
  private key: Key | undefined;
  private options: Readonly<Record<TokenType, SignOptions>>;

  constructor(
    private readonly keys: KeySet,
    private readonly rules: IssueOptions,
  ) {
    this.key = keys.signer;
    this.options = createAllSignOptions(this.key, rules.tokenProfile);
  }

  /** Prepares the headers again if the key has changed: a test key is added later. */
  private currentKey(): Key | undefined {
    const { signer } = this.keys;
    if (signer === this.key) return signer;
    this.key = signer;
    this.options = createAllSignOptions(signer, this.rules.tokenProfile);
    return signer;
  }

  /** @throws {@link ConfigurationError} for reserved or unusable claims, and if there is no private key. */
  sign({ type, data, times, scopes, claims: own }: TokenContents): string {
    const { rules } = this;
    const key = this.currentKey();
    if (!key?.signingKey)
      throw invalidKey(
        'This manager only verifies tokens and cannot create them; give it the private key and one algorithm',
      );
    checkData(data, { ...rules.scopeClaim.write([]), ...own });
    checkTimes(times);
    const claims = {
      ...data,
      ...times,
      ...(rules.issuer !== undefined && { iss: rules.issuer }),
      ...(rules.audience && { aud: rules.audience.length === 1 ? rules.audience[0] : rules.audience }),
      ...(scopes && rules.scopeClaim.write(scopes)),
      ...(rules.tokenProfile && { jti: randomUUID() }),
      ...own,
    };
    if (rules.tokenProfile && type === 'access') checkProfile(claims);
    const token = signClaims(stringifyClaims(claims), key.signingKey, this.options[type]);
    if (token.length > MAX_TOKEN_LENGTH)
      throw invalidTokenContents(
        `The token has ${token.length} characters, and more than ${MAX_TOKEN_LENGTH} are never accepted; put less into data`,
      );
    return token;
  }
}

function createAllSignOptions(
  key: Key | undefined,
  profile: TokenProfile | undefined,
): Readonly<Record<TokenType, SignOptions>> {
  return {
    access: createSignOptions('access', key, profile),
    refresh: createSignOptions('refresh', key, profile),
    'one-time': createSignOptions('one-time', key, profile),
  };
}

/** jsonwebtoken gets the claims as a string, because it fails for an object with `__proto__`; so `typ` is set here. */
function createSignOptions(type: TokenType, key: Key | undefined, profile: TokenProfile | undefined): SignOptions {
  const algorithm = key?.algorithm as SignOptions['algorithm'];
  return copyOwnProperties({
    algorithm,
    header: { alg: algorithm as string, typ: getJwtType(type, profile) },
    ...(key?.kid !== undefined && { keyid: key.kid }),
  });
}

function signClaims(claims: string, key: NonNullable<Key['signingKey']>, options: SignOptions): string {
  if (options.header?.alg !== 'EdDSA') return jsonwebtoken().sign(claims, key, options);
  const header = JSON.stringify({ ...options.header, ...(options.keyid !== undefined && { kid: options.keyid }) });
  const signingInput = `${Buffer.from(header).toString('base64url')}.${Buffer.from(claims).toString('base64url')}`;
  return `${signingInput}.${signEdDsa(signingInput, key).toString('base64url')}`;
}

/** @throws {@link ConfigurationError} for data without a subject. */
export function assertSubject(data: TokenData): void {
  if (typeof data === 'object' && data !== null && isSubject(data.sub)) return;
  throw invalidTokenContents(
    'data.sub is missing or unusable; it must be a non-empty string or a safe integer, which the user loader gets',
  );
}

function checkData(data: TokenData, own: TokenContents['claims'] = {}): void {
  assertSubject(data);
  const reserved = [...RESERVED, ...Object.keys(own)].find((claim) => data[claim] !== undefined);
  if (reserved)
    throw invalidTokenContents(
      `data must not have the reserved claim '${reserved}'; use the manager's options, expires or scopes instead`,
    );
  if (data.nbf !== undefined && !Number.isFinite(data.nbf))
    throw invalidTokenContents(
      'data.nbf is not a number; it must be seconds since the epoch (RFC 7519 §4.1.5), or omitted',
    );
}

function checkTimes({ iat, exp }: TokenContents['times']): void {
  if (Number.isFinite(iat) && Number.isFinite(exp)) return;
  throw new ConfigurationError(
    'The option clock returned no finite number; it must return milliseconds since the epoch, as Date.now does',
  );
}

function checkProfile(claims: Record<string, unknown>): void {
  const missing = findMissingClaim(claims);
  if (missing === undefined) return;
  throw invalidTokenContents(
    `The token lacks the claim '${missing}' as tokenProfile 'at+jwt' requires it (RFC 9068 §2.2); put it into data as a string`,
  );
}

/**
 * Returns the times of a token as NumericDates (RFC 7519 §2): whole seconds, except for a lifetime with a fraction,
 * which is kept to the millisecond.
 *
 * @param lifetime - Seconds.
 * @param now - Milliseconds since the epoch.
 */
export function getTimes(lifetime: number, now: number): TokenContents['times'] {
  const iat = Math.floor(now / 1000);
  return { iat, exp: Number.isInteger(lifetime) ? iat + lifetime : (now + Math.round(lifetime * 1000)) / 1000 };
}

function stringifyClaims(claims: object): string {
  try {
    return JSON.stringify(claims);
  } catch (cause) {
    throw invalidTokenContents(
      'data cannot be written as JSON; use strings, numbers, booleans, null, arrays and plain objects of them',
      { cause },
    );
  }
}

/** Loaded for the first token: it takes as long as the rest of this library, and many servers only verify. */
function jsonwebtoken(): { sign: typeof sign } {
  // biome-ignore lint/style/noCommonJs: an import would be loaded at once
  return require('jsonwebtoken');
}
