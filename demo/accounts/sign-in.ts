import { Service } from 'typedi';
import type { Account } from './account';
import { Accounts } from './accounts';
import { passwordFits } from './passwords';

/** One sentence for both, so that nobody learns which addresses have an account. */
export const wrongCredentials = 'Wrong email address or password';

@Service()
export class SignIn {
  constructor(private readonly accounts: Accounts) {}

  /** The account, or undefined for a wrong address and for a wrong password, after the same time. */
  async check(email: string, password: string): Promise<Account | undefined> {
    const credentials = this.accounts.credentials(email);
    const fits = await passwordFits(credentials?.passwordHash, password);
    return fits ? credentials?.account : undefined;
  }
}
