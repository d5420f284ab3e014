import { UserLoader } from '../../src/users/user-loader';
import type { Account } from './accounts';

/** Users who are waited for. */
export class SlowAccounts {
  @UserLoader()
  async find(email: string): Promise<Account> {
    return { email, admin: false };
  }
}
