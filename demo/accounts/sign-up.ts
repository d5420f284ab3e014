import { Service } from 'typedi';
import type { Account } from './account';
import { Accounts } from './accounts';
import type { Registration } from './forms';
import { hashPassword } from './passwords';

export const emailTaken = 'There is an account with this email address already';

@Service()
export class SignUp {
  constructor(private readonly accounts: Accounts) {}

  /** The new account, or undefined where the email address has one already. */
  async register({ email, password }: Registration): Promise<Account | undefined> {
    const passwordHash = await hashPassword(password);
    return this.accounts.add({ email, passwordHash, scopes: ['notes:read', 'notes:write'] });
  }
}
