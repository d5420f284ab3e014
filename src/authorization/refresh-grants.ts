import { actionOf } from '../http/action';
import { type HttpRequest, RequestContext } from '../http/request-context';
import type { TokenCookie } from '../http/token-cookie';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { UserSource } from '../users/dependency';

/** What a refresh token grants. */
export interface RefreshGrant<User> {
  readonly user: User;
  /** The claims of the refresh token. */
  readonly payload: TokenPayload;
  readonly scopes: readonly string[];
}

/** Reads refresh tokens without using them up. */
export class RefreshGrants<User> {
  /** @param refreshCookie - Undefined if refresh tokens are in no cookie. */
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly users: UserSource,
    private readonly refreshCookie: TokenCookie | undefined,
  ) {}

  /** Returns undefined for a token that the manager would not refresh in any case. */
  async read(from: string | HttpRequest): Promise<RefreshGrant<User> | undefined> {
    const action = typeof from === 'string' ? undefined : actionOf(from);
    const token = typeof from === 'string' ? from : this.refreshCookie?.read(cookieHeader(from));
    const verification = token === undefined ? undefined : this.verifier.verifyRefreshToken(token);
    if (!verification?.payload) return undefined;
    const { payload, scopes } = verification;
    const user = await this.users.load({ action, payload });
    return user ? { user: user as User, payload, scopes } : undefined;
  }
}

function cookieHeader(request: HttpRequest): string | undefined {
  return RequestContext.fromRequest(request).message.headers.cookie;
}
