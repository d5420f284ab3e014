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
   * Sets a new password and logs the browser in with it. All other logins end with it, because the security stamp has
   * changed; their sessions are ended too, so that the list of devices does not show them any longer.
   */
  async setPassword(account: Account, password: string, response: Response, remember: boolean): Promise<void> {
    const sessions = await this.manager.sessions(account.id);
    this.accounts.setPassword(account, await hashPassword(password));
    await this.manager.login(response, { data: { sub: account.id }, scopes: account.scopes, remember });
    for (const { id } of sessions) await this.manager.endSession(id);
  }
}
