/** What the samples take for granted: a few accounts, their passwords, and a database that knows them. */
export interface Account {
  id: number;
  email: string;
  admin: boolean;
  scopes: string[];
}

const accounts: Account[] = [
  { id: 1, email: 'ada@example.com', admin: true, scopes: ['notes:read', 'notes:write'] },
  { id: 2, email: 'bob@example.com', admin: false, scopes: ['notes:read'] },
];

export class Database {
  readonly accounts = {
    find: (email: string): Account | null => accounts.find((account) => account.email === email) ?? null,
  };
}

/** Everybody's password is "correct horse" here. */
export async function verifyPassword(email: string, password: string): Promise<Account | null> {
  return password === 'correct horse' ? new Database().accounts.find(email) : null;
}

export function notesOf(account: Account): string[] {
  return [`a note of ${account.email}`];
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const SECRET = 'forty bytes that nobody else knows of....';
