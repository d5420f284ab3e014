import { ConfigurationError } from '../errors/configuration-error';
import { pieceName, splitToken } from '../http/cookies/cookie-header';
import { parseCompactJws } from '../jwt/compact-jws';
import type { KeySet } from '../jwt/keys/key-set';
import type { ScopeClaim } from '../jwt/scope-claim';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenData } from '../jwt/token-signer';
import type { Probe } from '../routing-controllers/probe';
import type { ServerOptions, Servers } from '../routing-controllers/servers';
import type { TokenRequest } from '../sessions/token-issuer';
import type { LoaderResolver, TestLoader } from '../users/loader-resolver';
import type { UserCache } from '../users/user-cache';
import type { Duration } from '../util/duration';
import { parseJsonObject } from '../util/json-object';
import { copyOwnProperties } from '../util/own-properties';
import { assertKnownKeys } from '../util/validate';

/** Options of `loginAs`. */
export interface LoginAsOptions {
  /** The scopes of the token. Default: none. If `scopeClaim` is a function, put what it reads into `data` instead. */
  scopes?: readonly string[];
  /** Further claims of the token. Default: none. */
  data?: Omit<TokenData, 'sub'>;
  /** The lifetime of the token. Default: the manager's `defaultExpiry`. */
  expires?: Duration;
  /** Whether the token is in the cookie. Default: only if the manager does not read the header. */
  cookie?: boolean;
}

/** The parts of a manager that the testing helpers need. */
export interface TestAccessDependencies {
  readonly keys: KeySet;
  readonly createToken: (request: TokenRequest) => string;
  readonly scopeClaim: ScopeClaim;
  readonly useHeader: boolean;
  /** Undefined if cookies are not read. */
  readonly cookieName: string | undefined;
  readonly loader: LoaderResolver;
  readonly userCache: UserCache | undefined;
  readonly servers: Servers;
}

/** What the testing helpers call of a manager; nothing else does. */
export class TestAccess {
  constructor(private readonly parts: TestAccessDependencies) {}

  /** Returns the headers of a request by a user. A manager that only verifies gets a key of this process alone. */
  login(sub: string | number, options: LoginAsOptions): Record<string, string> {
    const { scopes, data, expires, cookie, ...unknown } = copyOwnProperties(options);
    assertKnownKeys(unknown, ['scopes', 'data', 'expires', 'cookie'], 'loginAs()');
    const { useHeader, cookieName, keys, createToken } = this.parts;
    const inCookie = cookie ?? !useHeader;
    if (inCookie ? cookieName === undefined : !useHeader)
      throw new ConfigurationError(
        `The manager does not read the ${inCookie ? 'cookie; set useCookie' : 'header; set useHeader'}, so loginAs() has no place for the token`,
        { section: inCookie ? 'cookies' : 'invalid-options' },
      );
    keys.addTestKey();
    const token = createToken({
      data: { ...data, sub },
      ...(scopes && { scopes }),
      ...(expires !== undefined && { expires }),
    });
    this.assertScopes(token, scopes);
    return inCookie ? { Cookie: cookieHeader(cookieName as string, token) } : { Authorization: `Bearer ${token}` };
  }

  /** A function may read scopes from anywhere, and nothing can tell what it should find. */
  private assertScopes(token: string, scopes: readonly string[] = []): void {
    const payload = parseCompactJws(token)?.payload;
    const read = this.parts.scopeClaim.read((payload && parseJsonObject(payload)) as TokenPayload);
    if (scopes.every((scope) => read.includes(scope))) return;
    throw new ConfigurationError(
      'The function scopeClaim does not find the scopes of loginAs() in its token; put the claims that it reads into data, for accessMatrix() too',
    );
  }

  /** Replaces the user loader. Returns a function that puts the earlier one back. */
  replaceLoader(load: TestLoader): () => void {
    const { loader, userCache } = this.parts;
    const restore = loader.replace(load);
    userCache?.clear();
    return () => {
      restore();
      userCache?.clear();
    };
  }

  /** Returns an application whose routes are guarded as on a server, and whose handlers do nothing. */
  createProbe(options: ServerOptions): Probe {
    return this.parts.servers.createProbe(options);
  }
}

function cookieHeader(name: string, token: string): string {
  const values = splitToken(name, token) ?? [token];
  return values.map((value, index) => `${pieceName(name, index)}=${value}`).join('; ');
}
