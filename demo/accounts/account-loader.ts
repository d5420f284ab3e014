import { inject, UserLoader } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from './account';
import { Accounts } from './accounts';

/** Loads the account of a token. */
@Service()
export class AccountLoader {
  @UserLoader({ accounts: inject(Accounts) })
  load(id: string, { accounts }: { accounts: Accounts }): Account | null {
    return accounts.find(id);
  }
}
