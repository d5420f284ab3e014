import { LoginManager, redirectTo } from 'routing-controllers-login';
import { isApi } from '../http/is-api';
import { type Account, scopes } from './account';
import { AccountLoader } from './account-loader';

const toLoginPage = redirectTo('/login', { returnTo: 'next' });

/** Programs send their token in a header, browsers in a cookie. */
export function createLoginManager(secret: string): LoginManager<Account> {
  return new LoginManager<Account>(secret, '/token', {
    userLoader: AccountLoader,
    useCookie: true,
    defaultAccess: 'authenticated',
    scopes,
    // People are sent to the login page and back; programs are told with 401.
    notAuthenticatedException: (error, action) =>
      action && !isApi(action.request) ? toLoginPage(error, action) : error,
  });
}
