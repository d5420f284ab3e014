import { InvalidGrantError, LoginManager } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { Accounts } from '../accounts/accounts';
import { Attempts, type Client } from '../accounts/attempts';
import { hashPassword } from '../accounts/passwords';
import { Mailer } from './mailer';

const purpose = 'registration';

/** Registers accounts for the owners of email addresses. Only the mail says whether an address already has one. */
@Service()
export class Registration {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly accounts: Accounts,
    private readonly attempts: Attempts,
    private readonly mailer: Mailer,
  ) {}

  async begin(client: Client): Promise<void> {
    await this.attempts.askForMail(client);
    const { email } = client;
    const token = this.manager.createOneTimeToken({ purpose, sub: email, expires: '1h' });
    if (this.accounts.findCredentials(email)) {
      const text = 'Somebody wanted to register with your address. You already have an account: log in.';
      return this.mailer.send({ to: email, subject: 'You have an account', text, path: '/login' });
    }
    const path = `/register/password?${new URLSearchParams({ token })}`;
    const text = 'Choose a password to finish your registration:';
    return this.mailer.send({ to: email, subject: 'Your registration', text, path });
  }

  /**
   * Creates the account.
   *
   * @throws `InvalidGrantError` if the link is invalid, has expired or has been used.
   */
  async finish(token: string, password: string): Promise<Account> {
    const { sub } = await this.manager.redeem(token, purpose);
    const passwordHash = await hashPassword(password);
    const account = this.accounts.add({ email: String(sub), passwordHash, scopes: ['notes:read', 'notes:write'] });
    if (!account) throw new InvalidGrantError('There is an account with this email address already');
    return account;
  }
}
