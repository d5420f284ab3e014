import { invalidTokenContents } from '../jwt/invalid-token-contents';
import type { KeySet } from '../jwt/keys/key-set';
import type { TokenPayload } from '../jwt/token-payload';
import { getTimes, type IssueOptions, type TokenContents, type TokenData, TokenSigner } from '../jwt/token-signer';
import { type Duration, parseDuration } from '../util/duration';
import { isScopeToken } from '../util/scope';
import { SESSION_CLAIMS } from './registry/session-claims';

/**
 * The contents of a new access token.
 *
 * @example
 * ```ts
 * { data: { sub: account.id, name: account.name }, scopes: ['notes:read'], expires: '1h' }
 * ```
 */
export interface TokenRequest {
  /** The claims of the application, `sub` among them; it is not changed. */
  data: TokenData;
  /** The lifetime of the token: seconds, or a string such as `'12h'`. Default: the manager's `defaultExpiry`. */
  expires?: Duration;
  /** The scopes of the token. Default: the token has no claim of scopes. */
  scopes?: readonly string[];
}

/**
 * The contents of a new token response.
 *
 * @example
 * ```ts
 * { data: { sub: account.id }, scopes: ['notes:read'], refresh: true }
 * ```
 */
export interface TokenResponseRequest extends TokenRequest {
  /** Whether to create a refresh token too, which requires the option `sessionStore`. Default `false`. */
  refresh?: boolean;
}

/** The body of a successful response of a token endpoint (RFC 6749 §5.1). */
export interface TokenResponse {
  /** The access token. */
  access_token: string;
  /** The type of the access token (RFC 6750). */
  token_type: 'bearer';
  /** The lifetime of the access token, in seconds. */
  expires_in: number;
  /** The refresh token; absent if none was requested. */
  refresh_token?: string;
  /** The scopes of the access token, separated by spaces; absent if it has none. */
  scope?: string;
}

/** A signed token and its expiry, in seconds since the epoch. */
export interface IssuedToken {
  readonly token: string;
  readonly exp: number;
}

/** What an access token says beside what the manager's options put into every token. */
export interface AccessTokenContents {
  readonly data: TokenData;
  readonly scopes: readonly string[] | undefined;
  /** Seconds. */
  readonly lifetime: number;
  /** Seconds since the epoch; the token expires then at the latest. Default: no limit. */
  readonly end?: number | undefined;
  /** Claims of the manager's own: those of the session, for instance. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

/** What a refresh token says. */
export interface RefreshTokenContents {
  readonly data: TokenData;
  /** All scopes that the session was granted. */
  readonly scopes: readonly string[] | undefined;
  /** Seconds since the epoch. */
  readonly times: TokenContents['times'];
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Makes the tokens of one manager. */
export class TokenIssuer {
  private readonly signer: TokenSigner;

  /** @param defaultExpiry - Seconds. */
  constructor(
    keys: KeySet,
    private readonly rules: IssueOptions,
    private readonly defaultExpiry: number,
  ) {
    this.signer = new TokenSigner(keys, rules);
  }

  /** @throws {@link ConfigurationError} for claims, a lifetime or scopes that no token can have. */
  access({ data, scopes, lifetime, end, claims }: AccessTokenContents): IssuedToken {
    const { iat, exp } = getTimes(lifetime, this.rules.clock());
    const times = { iat, exp: end === undefined ? exp : Math.min(exp, end) };
    const token = this.signer.sign({ type: 'access', data, times, scopes: checkScopes(scopes), claims });
    return { token, exp: times.exp };
  }

  refresh({ data, scopes, times, claims }: RefreshTokenContents): IssuedToken {
    const token = this.signer.sign({ type: 'refresh', data, times, scopes: checkScopes(scopes), claims });
    return { token, exp: times.exp };
  }

  oneTime(data: TokenData, lifetime: number, claims: Readonly<Record<string, unknown>>): string {
    const times = getTimes(lifetime, this.rules.clock());
    return this.signer.sign({ type: 'one-time', data, times, scopes: undefined, claims });
  }

  /** Returns the claims of a token that are the application's own. */
  applicationClaims(payload: TokenPayload): TokenData {
    const { iss: _, aud: _aud, exp: _exp, iat: _iat, scopes: _scopes, scope: _scope, ...claims } = payload;
    for (const claim of [...SESSION_CLAIMS, ...Object.keys(this.rules.scopeClaim.write([]))])
      delete (claims as Record<string, unknown>)[claim];
    return claims as TokenData;
  }

  /** Returns the lifetime of an access token in seconds. @throws {@link ConfigurationError} for an invalid duration. */
  lifetimeOf(expires: Duration | undefined): number {
    return expires === undefined ? this.defaultExpiry : parseDuration(expires, 'expires');
  }
}

/** Returns the body of a token response (RFC 6749 §5.1). */
export function toTokenResponse(
  access: IssuedToken,
  lifetime: number,
  scopes: readonly string[] | undefined,
  refresh?: IssuedToken,
): TokenResponse {
  const scope = [...new Set(scopes)].join(' ');
  return {
    access_token: access.token,
    token_type: 'bearer',
    expires_in: Math.floor(lifetime),
    ...(scope && { scope }),
    ...(refresh && { refresh_token: refresh.token }),
  };
}

function checkScopes(scopes: readonly string[] | undefined): readonly string[] | undefined {
  if (scopes === undefined || (Array.isArray(scopes) && Array.from(scopes).every(isScopeToken))) return scopes;
  throw invalidTokenContents(
    'scopes must be an array of scopes: printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3)',
  );
}
