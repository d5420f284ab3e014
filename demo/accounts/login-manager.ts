import { LoginManager, redirectTo, type SessionStore } from 'routing-controllers-login';
import { isApi } from '../http/is-api';
import { toRenewal } from '../sessions/renew-first';
import { longestStay, stayOf } from '../sessions/session-hint';
import { type Account, scopes } from './account';
import { AccountLoader } from './account-loader';

const toLoginPage = redirectTo('/login', { returnTo: 'next' });

/** Programs send their token in a header, browsers in a cookie. */
export function createLoginManager(secret: string, sessionStore: SessionStore): LoginManager<Account> {
  return new LoginManager<Account>(secret, '/token', {
    userLoader: AccountLoader,
    useCookie: true,
    defaultAccess: 'authenticated',
    scopes,
    sessionStore,
    refreshUrl: '/token',
    defaultExpiry: '15m',
    refreshExpiry: `${longestStay}d`,
    // People are sent to renew their session, or to the login page, and back; programs are told with 401.
    notAuthenticatedException: (error, action) => {
      if (!action || isApi(action.request)) return error;
      return stayOf(action.request) ? toRenewal(action.request) : toLoginPage(error, action);
    },
  });
}
