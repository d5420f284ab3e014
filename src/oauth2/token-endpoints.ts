import { type Action, createParamDecorator, HttpCode, JsonController, Post } from 'routing-controllers';
import { Public } from '../authorization/public';
import { ConfigurationError } from '../errors/configuration-error';
import type { FormFields } from '../http/form-body';
import { formParameter } from '../http/form-parameter';
import type { LoginManager } from '../login-manager';
import { type GrantResponse, TokenGrants, type VerifyPassword } from './token-grants';

/** Options of {@link tokenEndpoints}. */
export interface TokenEndpointsOptions {
  /**
   * Checks a name and a password. What it returns is put into the tokens; its `scopes` are all that this user may have,
   * and of those the client gets the ones it asks for. Null refuses the login. Take as long for a wrong name as for a
   * wrong password.
   */
  verifyPassword: VerifyPassword;
  /** The path of the revocation endpoint. Default: `tokenUrl` with `/revoke`, where the refresh cookie comes along. */
  revokeUrl?: string;
  /** Whether a login keeps the tokens in the browser's cookies; the body has no refresh token then. Default `false`. */
  cookies?: boolean;
}

/** A token request, read; the action is there for what the answer needs. */
interface Received {
  readonly fields: FormFields;
  readonly action: Action;
}

const tokenRequest = formParameter<Received>('token', (fields, action) => ({ fields, action }));
const revocationRequest = formParameter<Received>('revocation', (fields, action) => ({ fields, action }));

/**
 * A controller with the two routes that a client of OAuth 2 expects: the token endpoint at the manager's `tokenUrl` for
 * `grant_type` `password` and `refresh_token` (RFC 6749 §4.3, §6), and a revocation endpoint (RFC 7009), which also ends
 * the session of a browser that sends its cookies alone. Add it to the `controllers` of the server.
 *
 * @throws {@link ConfigurationError} for a manager whose `tokenUrl` is no path.
 */
// biome-ignore lint/suspicious/noExplicitAny: of whatever user
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types controllers
export function tokenEndpoints(manager: LoginManager<any>, options: TokenEndpointsOptions): Function {
  const { tokenUrl } = manager;
  if (tokenUrl === null || !tokenUrl.startsWith('/')) {
    throw new ConfigurationError("tokenEndpoints() needs a manager whose tokenUrl is a path, such as '/token'");
  }
  const { refreshUrl = tokenUrl } = manager.security;
  if (refreshUrl !== tokenUrl) {
    throw new ConfigurationError(
      `tokenEndpoints() serves both grants at tokenUrl: set refreshUrl to '${tokenUrl}' too`,
    );
  }
  const { verifyPassword, revokeUrl = `${tokenUrl}/revoke`, cookies = false } = options;
  if (typeof verifyPassword !== 'function') {
    throw new ConfigurationError(
      'tokenEndpoints() needs verifyPassword(username, password): what to put into the tokens, or null',
    );
  }
  const { cookieName, canRefresh } = manager.security;
  if (cookies && !(cookieName && (manager.security.refreshUrl || !canRefresh))) {
    throw new ConfigurationError(
      `tokenEndpoints() keeps tokens in the cookies of its manager: set useCookie, and refreshUrl to '${tokenUrl}'`,
    );
  }
  const grants = new TokenGrants(manager, verifyPassword, cookies);
  const TokenRequest = createParamDecorator({ value: tokenRequest });
  const RevocationRequest = createParamDecorator({ value: revocationRequest });

  @Public()
  @JsonController()
  class TokenEndpoints {
    @Post(tokenUrl as string)
    token(@TokenRequest { fields, action }: Received): Promise<GrantResponse> {
      return grants.grant(fields, action);
    }

    @HttpCode(200)
    @Post(revokeUrl)
    revoke(@RevocationRequest { fields, action }: Received): Promise<object> {
      return grants.revoke(fields, action);
    }
  }
  return TokenEndpoints;
}
