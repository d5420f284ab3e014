import type { SessionStore, StoredRecord } from 'routing-controllers-login';
import type { Database } from '../database';

/** Milliseconds, by the clock of the database, read once the statement has its lock. */
const now = "unixepoch('subsec') * 1000";

const read = `
  SELECT name, value FROM sessions
  WHERE owner = ? AND name IN (SELECT value FROM json_each(?)) AND expires_at > ${now}`;
const list = `SELECT name, value FROM sessions WHERE owner = ? AND expires_at > ${now}`;
const age = `SELECT ${now} - written_at AS age FROM sessions WHERE owner = ? AND name = ? AND expires_at > ${now}`;
const insert = `
  INSERT INTO sessions (owner, name, value, written_at, expires_at) VALUES (?, ?, ?, ${now}, ${now} + ?)
  ON CONFLICT DO UPDATE SET value = excluded.value, written_at = excluded.written_at, expires_at = excluded.expires_at
  WHERE sessions.expires_at <= ${now} RETURNING name`;
const replace = `
  UPDATE sessions SET value = ?, written_at = ${now}, expires_at = ${now} + ?
  WHERE owner = ? AND name = ? AND value = ? AND expires_at > ${now} RETURNING name`;
const remove = `DELETE FROM sessions WHERE owner = ? AND name = ? AND value = ? AND expires_at > ${now} RETURNING name`;
const sweep = `DELETE FROM sessions WHERE expires_at <= ${now}`;

/** A handwritten session store: a table of the application's own database. Several processes may share the file. */
export class SqliteSessionStore implements SessionStore {
  constructor(private readonly db: Database) {}

  async read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    const records = this.db.rows<StoredRecord>(read, owner, JSON.stringify(names));
    const values = new Map(records.map(({ name, value }) => [name, value]));
    return names.map((name) => values.get(name) ?? null);
  }

  /** Each case is one statement, which SQLite executes atomically. */
  async write(owner: string, name: string, expected: string | null, value: string | null, ttl: number) {
    if (value === null) return this.db.row(remove, owner, name, expected ?? '') !== undefined;
    if (expected !== null) return this.db.row(replace, value, ttl, owner, name, expected) !== undefined;
    this.db.run(sweep);
    return this.db.row(insert, owner, name, value, ttl) !== undefined;
  }

  async age(owner: string, name: string): Promise<number | null> {
    return this.db.row<{ age: number }>(age, owner, name)?.age ?? null;
  }

  async list(owner: string): Promise<StoredRecord[]> {
    return this.db.rows<StoredRecord>(list, owner);
  }
}
