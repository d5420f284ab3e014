import type { SignOptions, sign } from 'jsonwebtoken';
import { ConfigurationError } from '../errors/configuration-error';
import type { Clock } from '../util/clock';
import { isSubject } from './claims';
import { MAX_TOKEN_LENGTH } from './compact-jws';
import type { Key } from './keys/key';
import type { KeySet } from './keys/key-set';
import type { ScopeClaim } from './scope-claim';
import { JWT_TYPES, type TokenType } from './token-type';

/** The claims of the application, `sub` among them. */
export interface TokenData {
  /** The subject: what the user loader will get. */
  sub: string | number;
  [claim: string]: unknown;
}

/** What the manager puts into every token. */
export interface IssueOptions {
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
  readonly scopeClaim: ScopeClaim;
  readonly clock: Clock;
}

/** What one token says. */
export interface TokenContents {
  readonly type: TokenType;
  readonly data: TokenData;
  /** Seconds since the epoch. */
  readonly times: { readonly iat: number; readonly exp: number };
  readonly scopes: readonly string[] | undefined;
  /** Claims of the manager's own. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Claims that the manager's options and the other arguments say; in `data` they would contradict them. */
const RESERVED = ['iss', 'aud', 'exp', 'iat', 'jti', 'scopes', 'scope'];

/** Signs the tokens of one manager, with a key and headers that are prepared once. */
export class TokenSigner {
  private readonly key: Key | undefined;
  private readonly options: Readonly<Record<TokenType, SignOptions>>;

  constructor(
    keys: KeySet,
    private readonly rules: IssueOptions,
  ) {
    this.key = keys.signer;
    this.options = {
      access: createSignOptions('access', keys),
      refresh: createSignOptions('refresh', keys),
      'one-time': createSignOptions('one-time', keys),
    };
  }

  /** @throws {@link ConfigurationError} for reserved or unusable claims, and where there is no private key. */
  sign({ type, data, times, scopes, claims: own }: TokenContents): string {
    const { rules } = this;
    if (!this.key?.signingKey)
      throw new ConfigurationError(
        'This manager has only a public key, so it verifies tokens and cannot make them: give it the private key',
      );
    checkData(data, own);
    const claims = {
      ...data,
      ...times,
      ...(rules.issuer !== undefined && { iss: rules.issuer }),
      ...(rules.audience && { aud: rules.audience.length === 1 ? rules.audience[0] : rules.audience }),
      ...(scopes && rules.scopeClaim.write(scopes)),
      ...own,
    };
    const token = jsonwebtoken().sign(stringifyClaims(claims), this.key.signingKey, this.options[type]);
    if (token.length > MAX_TOKEN_LENGTH)
      throw new ConfigurationError(
        `The token would have ${token.length} characters, and more than ${MAX_TOKEN_LENGTH} are never accepted: put less into data`,
      );
    return token;
  }
}

/** The claims are given as text, because jsonwebtoken fails at an object with `__proto__`; so the type is said here. */
function createSignOptions(type: TokenType, { algorithm, signer }: KeySet): SignOptions {
  const kid = signer?.kid;
  return {
    algorithm,
    header: { alg: algorithm, typ: JWT_TYPES[type] },
    ...(kid !== undefined && { keyid: kid }),
  };
}

function checkData(data: TokenData, own: TokenContents['claims'] = {}): void {
  if (typeof data !== 'object' || data === null || !isSubject(data.sub)) {
    throw new ConfigurationError('data.sub must be text that is not empty, or a safe integer: the user loader gets it');
  }
  const reserved = [...RESERVED, ...Object.keys(own)].find((claim) => data[claim] !== undefined);
  if (reserved)
    throw new ConfigurationError(
      `data must not have the claim '${reserved}': the manager's options, expires and scopes say it`,
    );
  if (data.nbf !== undefined && !Number.isFinite(data.nbf))
    throw new ConfigurationError('data.nbf must be a number: seconds since the epoch (RFC 7519 §4.1.5)');
}

/**
 * NumericDates (RFC 7519 §2): whole seconds, but for a lifetime with a fraction, which is kept to the millisecond.
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
    throw new ConfigurationError('data must be plain JSON: text, numbers, booleans, null, lists and objects of them', {
      cause,
    });
  }
}

/** Loaded with the first token that is made: it takes as long as the rest of this library, and many servers verify only. */
function jsonwebtoken(): { sign: typeof sign } {
  // biome-ignore lint/style/noCommonJs: an import would be loaded at once
  return require('jsonwebtoken');
}
