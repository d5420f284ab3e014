import { Service } from 'typedi';
import type { Account } from './account';
import { Accounts } from './accounts';
import { Attempts, type Client } from './attempts';
import { verifyPassword } from './passwords';

/** One message for both, so that nobody learns which addresses have an account. */
export const wrongCredentials = 'Wrong email address or password';

@Service()
export class SignIn {
  constructor(
    private readonly accounts: Accounts,
    private readonly attempts: Attempts,
  ) {}

  /**
   * Returns the account, or undefined for an unknown address and for a wrong password, which take equally long.
   *
   * @throws `TooManyAttemptsError`
   */
  check(client: Client, password: string): Promise<Account | undefined> {
    return this.attempts.logIn(client, async () => {
      const credentials = this.accounts.findCredentials(client.email);
      const isRight = await verifyPassword(credentials?.passwordHash, password);
      // The password may have been changed meanwhile.
      const isCurrent = this.accounts.findCredentials(client.email)?.passwordHash === credentials?.passwordHash;
      return isRight && isCurrent ? credentials?.account : undefined;
    });
  }
}
