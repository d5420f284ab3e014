import {
  InsufficientAuthenticationError,
  LoginManager,
  redirectTo,
  type SessionStore,
  type TokenPayload,
} from 'routing-controllers-login';
import { isApi } from '../http/is-api';
import { type Account, scopes } from './account';
import { AccountLoader } from './account-loader';

/** Days after which a login that is not used ends. */
export const idleDays = 7;

/** Days after which every login ends. */
export const longestDays = 30;

const redirectToLogin = redirectTo('/login', { returnTo: 'next' });

/** The login page shows its form to who is logged in, too. */
const redirectToConfirm = redirectTo('/login?confirm=yes', { returnTo: 'next' });

/** One manager for both kinds of clients: programs send a token in a header, browsers in a cookie. */
export function createLoginManager(
  secret: string,
  sessionStore: SessionStore,
  clock: () => number,
): LoginManager<Account> {
  return new LoginManager<Account>(secret, '/token', {
    userLoader: AccountLoader,
    useCookie: true,
    defaultAccess: 'authenticated',
    scopes,
    sessionStore,
    defaultExpiry: `${idleDays}d`,
    slidingExpiry: `${longestDays}d`,
    refreshExpiry: `${longestDays}d`,
    scopesOf: currentScopes,
    securityStamp: (account) => account.passwordChangedAt,
    // Visitors of pages are sent to the login page and back; programs get 401.
    notAuthenticatedException: (error, action) => {
      if (!action || isApi(action.request)) return error;
      const redirect = error instanceof InsufficientAuthenticationError ? redirectToConfirm : redirectToLogin;
      return redirect(error, action);
    },
    clock,
  });
}

/** Returns the scopes of a token that its account still has. */
function currentScopes({ scopes: allowed }: Account, { scopes: granted = [] }: TokenPayload): readonly string[] {
  const inToken = scopes.expand(granted as readonly string[]);
  return scopes.expand(allowed).filter((scope) => inToken.includes(scope));
}
