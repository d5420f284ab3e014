import type { Response } from 'express';
import { LoginManager } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from './account';
import { Accounts } from './accounts';
import { hashPassword } from './passwords';

@Service()
export class PasswordChange {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly accounts: Accounts,
  ) {}

  /**
   * Sets a new password and logs the browser in with it. Every other login has ended with the security stamp;
   * `revokeAll` removes them from the list of devices too.
   */
  async setPassword(account: Account, password: string, response: Response, remember: boolean): Promise<void> {
    this.accounts.setPassword(account, await hashPassword(password));
    await this.manager.revokeAll(account.id);
    await this.manager.login(response, { data: { sub: account.id }, scopes: account.scopes, remember });
  }
}
