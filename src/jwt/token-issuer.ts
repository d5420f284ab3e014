import { type Duration, parseDuration } from '../duration';
import { ConfigurationError } from '../errors/configuration-error';
import { isScopeToken } from '../scope';
import type { KeyRing } from './key-ring';
import { type IssuingRules, signToken, type TokenData } from './sign-token';

/** What a token is made of. */
export interface TokenRequest {
  /** The claims of the application, `sub` among them; it is not changed. */
  data: TokenData;
  /** How long the token lives: seconds, or text such as `'12h'`. Default: the manager's `defaultExpiry`. */
  expires?: Duration;
  /** What the bearer of the token may do. Default: no claim of scopes. */
  scopes?: readonly string[];
}

/** The body of a successful answer of a token endpoint (RFC 6749 §5.1). */
export interface TokenResponse {
  access_token: string;
  token_type: 'bearer';
  /** Seconds. */
  expires_in: number;
  /** Space-separated; absent where the token has none. */
  scope?: string;
}

/** Makes the tokens of one manager. */
export class TokenIssuer {
  constructor(
    private readonly keys: KeyRing,
    private readonly rules: IssuingRules,
    private readonly defaultExpiry: number,
  ) {}

  /** @throws {@link ConfigurationError} for data, a lifetime or scopes that no token can have. */
  accessToken(request: TokenRequest): string {
    return signToken(request.data, this.lifetimeOf(request), checkScopes(request.scopes), this.keys, this.rules);
  }

  /** @throws {@link ConfigurationError} likewise. */
  tokenResponse(request: TokenRequest): TokenResponse {
    const token = this.accessToken(request);
    const scope = [...new Set(request.scopes)].join(' ');
    return {
      access_token: token,
      token_type: 'bearer',
      expires_in: Math.floor(this.lifetimeOf(request)),
      ...(scope && { scope }),
    };
  }

  private lifetimeOf({ expires }: TokenRequest): number {
    return expires === undefined ? this.defaultExpiry : parseDuration(expires, 'expires');
  }
}

function checkScopes(scopes: readonly string[] | undefined): readonly string[] | undefined {
  if (scopes === undefined || (Array.isArray(scopes) && scopes.every(isScopeToken))) return scopes;
  throw new ConfigurationError(
    'scopes must be a list of scopes: printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3)',
  );
}
