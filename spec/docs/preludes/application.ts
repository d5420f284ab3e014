import { UserLoader } from 'routing-controllers-login';
import { Database } from './notes.js';

export { type Account, Database, escapeHtml, notesOf, SECRET, verifyPassword } from './notes.js';

/** The user loader of the application. */
// biome-ignore lint/complexity/noStaticOnlyClass: loaders belong to classes
export class Accounts {
  @UserLoader
  static find(email: string) {
    return new Database().accounts.find(email);
  }
}
