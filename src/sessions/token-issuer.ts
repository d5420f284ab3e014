import { ConfigurationError } from '../errors/configuration-error';
import type { KeySet } from '../jwt/keys/key-set';
import type { TokenPayload } from '../jwt/token-payload';
import { getTimes, type IssueOptions, type TokenData, TokenSigner } from '../jwt/token-signer';
import { type Duration, parseDuration } from '../util/duration';
import { isScopeToken } from '../util/scope';
import { createSession, SESSION_CLAIMS, type Session, writeSession } from './session-claims';

/** What a token is made of. */
export interface TokenRequest {
  /** The claims of the application, `sub` among them; it is not changed. */
  data: TokenData;
  /** How long the token lives: seconds, or text such as `'12h'`. Default: the manager's `defaultExpiry`. */
  expires?: Duration;
  /** What the bearer of the token may do. Default: no claim of scopes. */
  scopes?: readonly string[];
}

/** What a token response is made of. */
export interface TokenResponseRequest extends TokenRequest {
  /** Whether there is a refresh token too. Default `false`. */
  refresh?: boolean;
}

/** The body of a successful answer of a token endpoint (RFC 6749 §5.1). */
export interface TokenResponse {
  access_token: string;
  token_type: 'bearer';
  /** Seconds. */
  expires_in: number;
  /** Absent where none was asked for. */
  refresh_token?: string;
  /** Space-separated; absent where the token has none. */
  scope?: string;
}

/** What ties tokens to a login, where a manager can take them back. */
export interface SessionRules {
  /** Milliseconds since the epoch. */
  readonly loginTime: () => number;
  /** How long a login lives, in seconds: no token of it lives longer. */
  readonly lifetime: number;
}

/** The claim of a refresh token that says how long its access tokens live, in seconds. */
const ACCESS_LIFETIME = 'access_lifetime';

/** Makes the tokens of one manager. */
export class TokenIssuer {
  private readonly signer: TokenSigner;

  /** @param sessions - Undefined for a manager that cannot take tokens back. */
  constructor(
    keys: KeySet,
    private readonly rules: IssueOptions,
    private readonly defaultExpiry: number,
    private readonly sessions: SessionRules | undefined,
  ) {
    this.signer = new TokenSigner(keys, rules);
  }

  /** @throws {@link ConfigurationError} for data, a lifetime or scopes that no token can have. */
  accessToken(request: TokenRequest): string {
    return this.access(request, this.lifetimeOf(request), this.sessions && createSession(this.sessions.loginTime()));
  }

  /** @throws {@link ConfigurationError} likewise, and for a refresh token of a manager without a store. */
  tokenResponse(request: TokenResponseRequest): TokenResponse {
    const lifetime = this.lifetimeOf(request);
    const session = this.sessions && createSession(this.sessions.loginTime());
    if (!request.refresh) return responseOf(this.access(request, lifetime, session), lifetime, request.scopes);
    if (!this.sessions || !session) {
      throw new ConfigurationError(
        'A refresh token works only once, and that has to be remembered: give the manager the option revocation',
      );
    }
    const { exp } = getTimes(this.sessions.lifetime, this.rules.clock());
    return this.issuePair(request, lifetime, session, exp, request.scopes);
  }

  /**
   * The next pair of a family: the new refresh token has all its scopes (RFC 6749 §6), and the family's end.
   *
   * @param payload - Of the refresh token that was used.
   * @param scopes - Of the access token.
   */
  refreshResponse(
    payload: TokenPayload,
    session: Session,
    scopes: readonly string[],
    granted: readonly string[],
  ): TokenResponse {
    const { [ACCESS_LIFETIME]: lifetime, ...claims } = payload;
    const request = { data: applicationClaims(claims), scopes };
    return this.issuePair(request, lifetime as number, session, payload.exp, granted);
  }

  private issuePair(
    request: TokenRequest,
    lifetime: number,
    session: Session,
    end: number,
    granted: readonly string[] | undefined,
  ): TokenResponse {
    const now = this.rules.clock();
    const left = Math.min(lifetime, end - now / 1000);
    const own = { ...writeSession(session), [ACCESS_LIFETIME]: lifetime };
    const times = { iat: Math.floor(now / 1000), exp: end };
    const refreshToken = this.signer.sign({ type: 'refresh', data: request.data, times, scopes: granted, claims: own });
    return { ...responseOf(this.access(request, left, session), left, request.scopes), refresh_token: refreshToken };
  }

  private access({ data, scopes }: TokenRequest, lifetime: number, session: Session | undefined): string {
    const times = getTimes(lifetime, this.rules.clock());
    const own = session && writeSession(session);
    return this.signer.sign({ type: 'access', data, times, scopes: checkScopes(scopes), claims: own });
  }

  private lifetimeOf({ expires }: TokenRequest): number {
    const lifetime = expires === undefined ? this.defaultExpiry : parseDuration(expires, 'expires');
    if (this.sessions && lifetime > this.sessions.lifetime) {
      throw new ConfigurationError(
        `expires is beyond refreshExpiry (${this.sessions.lifetime} seconds), so the token would outlive its revocation: make it shorter, or refreshExpiry longer`,
      );
    }
    return lifetime;
  }
}

function responseOf(token: string, lifetime: number, scopes: readonly string[] | undefined): TokenResponse {
  const scope = [...new Set(scopes)].join(' ');
  return { access_token: token, token_type: 'bearer', expires_in: Math.floor(lifetime), ...(scope && { scope }) };
}

/** What of a token's claims is the application's. */
function applicationClaims({ iss, aud, exp, iat, scopes, scope, ...claims }: Omit<TokenPayload, 'sub'>): TokenData {
  for (const claim of SESSION_CLAIMS) delete (claims as Record<string, unknown>)[claim];
  return claims as TokenData;
}

function checkScopes(scopes: readonly string[] | undefined): readonly string[] | undefined {
  if (scopes === undefined || (Array.isArray(scopes) && scopes.every(isScopeToken))) return scopes;
  throw new ConfigurationError(
    'scopes must be a list of scopes: printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3)',
  );
}
