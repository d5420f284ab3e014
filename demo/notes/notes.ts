import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { Database } from '../database';
import type { Note } from './note';
import type { NoteDraft } from './note-draft';

const columns = 'id, title, text, updated_at AS "updatedAt"';

/** All notes. Every query has the owner, so that nobody reads or changes notes of others. */
@Service()
export class Notes {
  constructor(private readonly db: Database) {}

  list(owner: Account): Note[] {
    return this.db.rows(`SELECT ${columns} FROM notes WHERE owner = ? ORDER BY updated_at DESC, id DESC`, owner.id);
  }

  find(owner: Account, id: number): Note | undefined {
    return this.db.row(`SELECT ${columns} FROM notes WHERE owner = ? AND id = ?`, owner.id, id);
  }

  add(owner: Account, { title, text }: NoteDraft): Note {
    const sql = `INSERT INTO notes (owner, title, text, updated_at) VALUES (?, ?, ?, ?) RETURNING ${columns}`;
    return this.db.row<Note>(sql, owner.id, title, text, now()) as Note;
  }

  change(owner: Account, id: number, { title, text }: NoteDraft): Note | undefined {
    const sql = `UPDATE notes SET title = ?, text = ?, updated_at = ? WHERE owner = ? AND id = ? RETURNING ${columns}`;
    return this.db.row(sql, title, text, now(), owner.id, id);
  }

  /** Deletes a note and returns it. */
  remove(owner: Account, id: number): Note | undefined {
    return this.db.row(`DELETE FROM notes WHERE owner = ? AND id = ? RETURNING ${columns}`, owner.id, id);
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
