import type { SessionStore } from '../sessions/stores/session-store';
import type { Duration } from '../util/duration';

/** The options of a `LoginManager` that say how long tokens and logins last, and what ends them. */
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
   * token without `iat`, or with one in the future, is refused. Default: none.
   *
   * @example
   * maxTokenAge: '1h'
   */
  maxTokenAge?: Duration;
  /**
   * Keeps the sessions of logins. Without a store nothing ends a login before its token expires, and there are no refresh
   * tokens. Default: none.
   *
   * @example
   * sessionStore: new RedisSessionStore(new Redis(process.env.REDIS_URL!))
   */
  sessionStore?: SessionStore;
  /**
   * How long the store may take to answer; then requests with a valid token are answered with 503. Default `'1s'`.
   *
   * @example
   * storeTimeout: '300ms'
   */
  storeTimeout?: Duration;
  /**
   * How long a login can be refreshed, from its beginning. No token lives longer. Default `'30d'`.
   *
   * @example
   * refreshExpiry: '7d'
   */
  refreshExpiry?: Duration;
  /**
   * The path of the route that takes refresh tokens, the only one that gets the refresh cookie. Default: none.
   *
   * @example
   * refreshUrl: '/token'
   */
  refreshUrl?: string;
  /**
   * How long the same successor is returned again for a refresh token that has been used: for two tabs, a lost response,
   * a retry after 503. Later use ends the session. With 0, any second use ends it. Default `'30s'`.
   *
   * @example
   * refreshLeeway: '10s'
   */
  refreshLeeway?: Duration;
  /**
   * Renews a cookie login while it is used, at most this long after the login. An unused login then ends after
   * `defaultExpiry`. Default: none, a cookie login ends with its token.
   *
   * @example
   * { defaultExpiry: '30m', slidingExpiry: '12h' } // after 30 minutes of rest, or 12 hours
   */
  slidingExpiry?: Duration;
  /**
   * The sessions that one user may have; a further login ends the one used longest ago. Default: no limit.
   *
   * @example
   * maxSessions: 5
   */
  maxSessions?: number;
  /**
   * Whether the address and the user agent of a login are kept with its session; they are personal data. Default `true`.
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
