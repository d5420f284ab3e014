import type { Response } from 'express';
import { InvalidGrantError, LoginManager } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { Accounts } from '../accounts/accounts';
import { Attempts, type Client } from '../accounts/attempts';
import { PasswordChange } from '../accounts/password-change';
import { Mailer } from './mailer';

const purpose = 'password-reset';

@Service()
export class PasswordReset {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly accounts: Accounts,
    private readonly attempts: Attempts,
    private readonly passwords: PasswordChange,
    private readonly mailer: Mailer,
  ) {}

  /** Mails a link, if the address has an account. */
  async begin(client: Client): Promise<void> {
    await this.attempts.askForMail(client);
    const credentials = this.accounts.findCredentials(client.email);
    if (!credentials) return;
    const { account, passwordHash } = credentials;
    // Bound to the present password: once it has changed, older links are worth nothing.
    const token = this.manager.createOneTimeToken({ purpose, sub: account.id, expires: '1h', bind: passwordHash });
    const path = `/password/reset?${new URLSearchParams({ account: account.id, token })}`;
    const text = 'Choose a new password. If you did not ask for this, ignore it.';
    this.mailer.send({ to: account.email, subject: 'Your password', text, path });
  }

  /**
   * Sets the password, ends all logins of the account, and logs this browser in.
   *
   * @param id - Of the account; the link has it, because the token is bound to the account's present password.
   * @throws `InvalidGrantError` if the link is invalid, has expired or has been used.
   */
  async finish(id: unknown, token: string, password: string, response: Response): Promise<void> {
    const credentials = this.accounts.findCredentialsById(String(id));
    const { sub } = await this.manager.redeem(token, purpose, { bind: credentials?.passwordHash ?? 'none' });
    if (credentials?.account.id !== sub) throw new InvalidGrantError('The link is of another account');
    await this.passwords.setPassword(credentials.account, password, response, false);
  }
}
