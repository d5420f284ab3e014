import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { UserLoader } from '../../src/users/user-loader';
import './quiet-login-urls';

export interface Account {
  email: string;
  admin: boolean;
}

export const SECRET = 'a secret of forty bytes, made for specs.';

const accounts: Record<string, Account> = {
  'ada@example.com': { email: 'ada@example.com', admin: true },
  'bob@example.com': { email: 'bob@example.com', admin: false },
};

/** The users that most specs log in: Ada, an administrator, and Bob. */
export class Accounts {
  @UserLoader()
  find(email: string): Account | null {
    return Object.hasOwn(accounts, email) ? (accounts[email] as Account) : null;
  }
}

/** A manager of {@link Accounts}. */
export function managerOf(options: LoginManagerOptions<Account> = {}): LoginManager<Account> {
  return new LoginManager<Account>(SECRET, '/login', { userLoader: Accounts, ...options });
}

export function tokenOf(manager: LoginManager<Account>, sub = 'ada@example.com', scopes?: readonly string[]): string {
  return manager.createAccessToken({ data: { sub }, ...(scopes && { scopes }) });
}
