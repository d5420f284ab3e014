import { randomUUID } from 'node:crypto';
import { Service } from 'typedi';
import { Database } from '../database';
import type { Account, Scope } from './account';

interface AccountRow {
  id: string;
  email: string;
  password_hash: string;
  admin: number;
  scopes: string;
  created_at: string;
}

/** What is needed for a new account. */
export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly scopes: readonly Scope[];
  readonly admin?: boolean;
}

@Service()
export class Accounts {
  constructor(private readonly db: Database) {}

  /** The new account, or undefined where the email address has one already. */
  add({ email, passwordHash, scopes, admin = false }: NewAccount): Account | undefined {
    const row = this.db.row<AccountRow>(
      'INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING *',
      randomUUID(),
      normal(email),
      passwordHash,
      Number(admin),
      scopes.join(' '),
      new Date().toISOString(),
    );
    return row && accountOf(row);
  }

  byId(id: string): Account | null {
    const row = this.db.row<AccountRow>('SELECT * FROM accounts WHERE id = ?', id);
    return row ? accountOf(row) : null;
  }

  /** The account of an email address and what its password is checked against. */
  credentials(email: string): { account: Account; passwordHash: string } | undefined {
    const row = this.db.row<AccountRow>('SELECT * FROM accounts WHERE email = ?', normal(email));
    return row && { account: accountOf(row), passwordHash: row.password_hash };
  }

  all(): Account[] {
    return this.db.rows<AccountRow>('SELECT * FROM accounts ORDER BY created_at, email').map(accountOf);
  }
}

function normal(email: string): string {
  return email.trim().toLowerCase();
}

function accountOf(row: AccountRow): Account {
  const scopes = row.scopes.split(' ') as Scope[];
  return { id: row.id, email: row.email, admin: row.admin === 1, scopes, createdAt: row.created_at };
}
