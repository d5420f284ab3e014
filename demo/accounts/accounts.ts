import { randomUUID } from 'node:crypto';
import { Service } from 'typedi';
import { Database } from '../database';
import type { Account, Scope } from './account';

interface AccountRow {
  id: string;
  email: string;
  password_hash: string;
  password_changed_at: string;
  admin: number;
  scopes: string;
  created_at: string;
}

/** The contents of a new account. */
export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly scopes: readonly Scope[];
  readonly admin?: boolean;
}

export interface Credentials {
  readonly account: Account;
  readonly passwordHash: string;
}

@Service()
export class Accounts {
  constructor(private readonly db: Database) {}

  /** Returns the new account, or undefined if the email address already has one. */
  add({ email, passwordHash, scopes, admin = false }: NewAccount): Account | undefined {
    const now = new Date().toISOString();
    const row = this.db.row<AccountRow>(
      'INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING *',
      randomUUID(),
      normalizeEmail(email),
      passwordHash,
      now,
      Number(admin),
      scopes.join(' '),
      now,
    );
    return row && toAccount(row);
  }

  find(id: string): Account | null {
    const row = this.db.row<AccountRow>('SELECT * FROM accounts WHERE id = ?', id);
    return row ? toAccount(row) : null;
  }

  /** Returns the account of an email address with its password hash. */
  findCredentials(email: string): Credentials | undefined {
    return this.credentialsOf('email', normalizeEmail(email));
  }

  /** Returns an account with its password hash. */
  findCredentialsById(id: string): Credentials | undefined {
    return this.credentialsOf('id', id);
  }

  setPassword({ id }: Account, passwordHash: string): void {
    const sql = 'UPDATE accounts SET password_hash = ?, password_changed_at = ? WHERE id = ?';
    this.db.run(sql, passwordHash, new Date().toISOString(), id);
  }

  all(): Account[] {
    return this.db.rows<AccountRow>('SELECT * FROM accounts ORDER BY created_at, email').map(toAccount);
  }

  private credentialsOf(column: 'email' | 'id', value: string): Credentials | undefined {
    const row = this.db.row<AccountRow>(`SELECT * FROM accounts WHERE ${column} = ?`, value);
    return row && { account: toAccount(row), passwordHash: row.password_hash };
  }
}

function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    email: row.email,
    admin: row.admin === 1,
    scopes: row.scopes.split(' ') as Scope[],
    createdAt: row.created_at,
    passwordChangedAt: row.password_changed_at,
  };
}
