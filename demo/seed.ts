import type { ContainerInstance } from 'typedi';
import type { Scope } from './accounts/account';
import { Accounts } from './accounts/accounts';
import { hashPassword } from './accounts/passwords';
import { Notes } from './notes/notes';

interface DemoUser {
  readonly email: string;
  readonly password: string;
  readonly admin: boolean;
  readonly scopes: readonly Scope[];
}

/** Two users to try. Their passwords are public, so production does not have them. */
export const demoUsers: readonly DemoUser[] = [
  { email: 'admin@example.org', password: 'correct-horse', admin: true, scopes: ['notes:read', 'notes:write'] },
  { email: 'reader@example.org', password: 'just-looking', admin: false, scopes: ['notes:read'] },
];

const firstNotes = [
  { title: 'Groceries', text: 'Bread, olives, lemons, coffee.\nCheck whether there is still rice.' },
  {
    title: 'A line to keep',
    text: '“The best time to plant a tree was twenty years ago. The second best time is now.”',
  },
  {
    title: 'Welcome',
    text: 'These notes are yours alone.\n\nThe pages use a cookie, the API under /api takes a bearer token.',
  },
];

/** Adds the users and their notes to an empty database. */
export async function seed(services: ContainerInstance): Promise<void> {
  const accounts = services.get(Accounts);
  const notes = services.get(Notes);
  if (accounts.all().length > 0) return;
  for (const { email, password, admin, scopes } of demoUsers) {
    const account = accounts.add({ email, passwordHash: await hashPassword(password), admin, scopes });
    for (const note of account ? firstNotes : []) notes.add(account as NonNullable<typeof account>, note);
  }
}
