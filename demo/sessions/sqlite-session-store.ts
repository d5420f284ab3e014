import type { SessionStore, StoredRecord } from 'routing-controllers-login';
import type { Database } from '../database';

const read = 'SELECT name, value FROM sessions WHERE owner = ? AND expires_at > ?';
const insert = `
  INSERT INTO sessions (owner, name, value, written_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (owner, name) DO UPDATE SET value = ?3, written_at = ?4, expires_at = ?5 WHERE expires_at <= ?4
  RETURNING name
`;
const replace = `
  UPDATE sessions SET value = ?3, written_at = ?4, expires_at = ?5
  WHERE owner = ?1 AND name = ?2 AND value = ?6 AND expires_at > ?4 RETURNING name
`;
const remove = 'DELETE FROM sessions WHERE owner = ? AND name = ? AND value = ? AND expires_at > ? RETURNING name';
const sweep = 'DELETE FROM sessions WHERE expires_at <= ? RETURNING name';

/** Sessions beside the notes, in SQLite: a store written by hand. Processes may share the file. */
export class SqliteSessionStore implements SessionStore {
  constructor(private readonly db: Database) {}

  async read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    const found = new Map((await this.list(owner)).map(({ name, value }) => [name, value]));
    return names.map((name) => found.get(name) ?? null);
  }

  async write(
    owner: string,
    name: string,
    expected: string | null,
    value: string | null,
    ttl: number,
  ): Promise<boolean> {
    const now = Date.now();
    if (value === null) return this.db.row(remove, owner, name, expected ?? '', now) !== undefined;
    if (expected !== null) return this.db.row(replace, owner, name, value, now, now + ttl, expected) !== undefined;
    this.db.rows(sweep, now);
    return this.db.row(insert, owner, name, value, now, now + ttl) !== undefined;
  }

  async age(owner: string, name: string): Promise<number | null> {
    const now = Date.now();
    const written = 'SELECT written_at AS at FROM sessions WHERE owner = ? AND name = ? AND expires_at > ?';
    const row = this.db.row<{ at: number }>(written, owner, name, now);
    return row ? now - row.at : null;
  }

  async list(owner: string): Promise<StoredRecord[]> {
    return this.db.rows<StoredRecord>(read, owner, Date.now());
  }
}
