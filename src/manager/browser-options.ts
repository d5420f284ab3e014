import type { CookieAttributes } from '../http/cookies/cookie-options';
import type { OriginCheckMode } from '../http/origin-check';
import type { TrustedOrigins } from '../http/trusted-origins';

/** Options about logins of browsers: their cookie, and the pages that may use it. */
export interface BrowserOptions {
  /**
   * Whether tokens in the cookie are accepted. Default `false`.
   *
   * @example
   * new LoginManager(SECRET, '/login', { useCookie: true }); // the header first, then the cookie
   */
  useCookie?: boolean;
  /**
   * The name of the cookie. The prefixes `__Host-` and `__Secure-` restrict other attributes. Default `'access-token'`.
   *
   * @example
   * cookieName: '__Host-session'
   */
  cookieName?: string;
  /**
   * Other attributes of the cookie.
   *
   * @example
   * cookie: { sameSite: 'strict', domain: 'example.com' }
   */
  cookie?: CookieAttributes;
  /**
   * Other origins than the application's own whose pages may send unsafe requests and WebSocket handshakes with the
   * cookie: an array of origins and patterns, or a function. Default: none.
   *
   * @example
   * trustedOrigins: ['https://app.example.com', 'https://*.example.com', 'capacitor://localhost']
   */
  trustedOrigins?: TrustedOrigins;
  /**
   * `'cookie'` checks the origin of requests that the cookie authenticates; `'always'` checks every request
   * that is authenticated and has an `Origin` header, with or without a token, as MCP's transport requires.
   * Default `'cookie'`.
   *
   * @example
   * originCheck: 'always'
   */
  originCheck?: OriginCheckMode;
  /**
   * The `Cache-Control` of responses to requests that the cookie authenticated, unless they set their own. They also
   * get `Vary: Cookie`, so that a shared cache does not serve one user's page to another. `false` sets neither. A
   * response that sets a login cookie is always `no-store`. Default `'private, no-cache'`.
   *
   * @example
   * cacheControl: false
   */
  cacheControl?: string | false;
}
