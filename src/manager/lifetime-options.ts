import type { SessionStore } from '../sessions/stores/session-store';
import type { Duration } from '../util/duration';

/** The options of a `LoginManager` for the lifetime of tokens and logins, and for ending them. */
export interface LifetimeOptions<User> {
  /**
   * Default lifetime of access tokens: seconds, or a string such as `'12h'`. Default `'15m'`.
   *
   * @example
   * defaultExpiry: '12h'
   */
  defaultExpiry?: Duration;
  /**
   * How long after its `iat` an access token is accepted, whatever its `exp`: seconds, or a string such as `'12h'`. A
   * token without `iat`, or with one in the future, is refused. With `slidingExpiry` it must be longer than half of
   * `defaultExpiry`, after which a cookie is renewed. Default: none.
   *
   * @example
   * maxTokenAge: '1h'
   */
  maxTokenAge?: Duration;
  /**
   * Stores the sessions of logins. Without a store a token is accepted until it expires, even after a logout, and there
   * are no refresh tokens. Default: none.
   *
   * @example
   * sessionStore: new RedisSessionStore(new Redis(process.env.REDIS_URL!))
   */
  sessionStore?: SessionStore;
  /**
   * How long the store may take to answer. After that, requests with a valid token are answered with 503. Default
   * `'1s'`.
   *
   * @example
   * storeTimeout: '300ms'
   */
  storeTimeout?: Duration;
  /**
   * How long after its beginning a login can be refreshed. No token of it outlives this time. Default `'30d'`.
   *
   * @example
   * refreshExpiry: '7d'
   */
  refreshExpiry?: Duration;
  /**
   * The path of the route that accepts refresh tokens, the only one that browsers send the refresh cookie to. Default:
   * none.
   *
   * @example
   * refreshUrl: '/token'
   */
  refreshUrl?: string;
  /**
   * How long a used refresh token still returns the same successor, for two tabs, a lost response, or a retry after
   * 503. Any later use ends the session. With 0, every second use ends it. Shorter than `refreshExpiry`. Default `'30s'`.
   *
   * @example
   * refreshLeeway: '10s'
   */
  refreshLeeway?: Duration;
  /**
   * Renews a cookie login while it is used, at most this long after the login. An unused login then ends after
   * `defaultExpiry`. Default: none, a cookie login ends when its token expires.
   *
   * @example
   * { defaultExpiry: '30m', slidingExpiry: '12h' } // after 30 minutes of rest, or 12 hours
   */
  slidingExpiry?: Duration;
  /**
   * The number of sessions that a user may have. An additional login ends the least recently used. Default: no limit.
   *
   * @example
   * maxSessions: 5
   */
  maxSessions?: number;
  /**
   * Whether `login` and `tokenEndpoints` record the address and the user agent of a login, which are personal data.
   * Default `true`. `createTokenResponse` does not get the request and records neither.
   *
   * @example
   * keepClientDetails: false
   */
  keepClientDetails?: boolean;
  /**
   * Ends the logins of a user when its value changes, for instance the time of the last password change. It works without
   * a session store too. Default: none.
   *
   * @example
   * securityStamp: (account) => account.passwordChangedAt
   */
  securityStamp?: (user: User) => string | number | Date;
}
