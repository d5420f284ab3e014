import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { Database } from '../database';
import type { Note } from './note';
import type { NoteDraft } from './note-draft';

const columns = 'id, title, text, updated_at AS "updatedAt"';

/** A note, and the id of the account that wrote it. */
export interface OwnedNote {
  readonly owner: string;
  readonly note: Note;
}

/** All notes. Who may have which, the routes say: `note-access.ts`. */
@Service()
export class Notes {
  constructor(private readonly db: Database) {}

  list(owner: Account): Note[] {
    return this.db.rows(`SELECT ${columns} FROM notes WHERE owner = ? ORDER BY updated_at DESC, id DESC`, owner.id);
  }

  find(id: number): OwnedNote | undefined {
    const row = this.db.row<Note & { owner: string }>(`SELECT owner, ${columns} FROM notes WHERE id = ?`, id);
    if (!row) return undefined;
    const { owner, ...note } = row;
    return { owner, note };
  }

  add(owner: Account, { title, text }: NoteDraft): Note {
    const sql = `INSERT INTO notes (owner, title, text, updated_at) VALUES (?, ?, ?, ?) RETURNING ${columns}`;
    return this.db.row<Note>(sql, owner.id, title, text, now()) as Note;
  }

  /** Changes a note and returns it; undefined if somebody has deleted it meanwhile. */
  change(id: number, { title, text }: NoteDraft): Note | undefined {
    const sql = `UPDATE notes SET title = ?, text = ?, updated_at = ? WHERE id = ? RETURNING ${columns}`;
    return this.db.row(sql, title, text, now(), id);
  }

  remove(id: number): void {
    this.db.run('DELETE FROM notes WHERE id = ?', id);
  }

  countByOwner(): Map<string, number> {
    const rows = this.db.rows<{ owner: string; count: number }>(
      'SELECT owner, count(*) AS count FROM notes GROUP BY owner',
    );
    return new Map(rows.map(({ owner, count }) => [owner, count]));
  }
}

function now(): string {
  return new Date().toISOString();
}
