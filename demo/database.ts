import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'libsql';

const schema = `
  CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    password_changed_at TEXT NOT NULL,
    admin INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS notes_of_owner ON notes (owner, updated_at);
  CREATE TABLE IF NOT EXISTS sessions (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    written_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (owner, name)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires_at);
`;

type Value = string | number;

/** An SQLite database with the tables of the demo. */
export class Database {
  private readonly connection: SQLite.Database;

  /** @param file - A path, or `:memory:`. */
  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.connection = new SQLite(file);
    // Writers of other processes are waited for. With NORMAL a commit does not wait for the disk, so that they hold the
    // lock only briefly; in WAL mode only a power failure can then lose the last commits.
    this.connection.pragma('busy_timeout = 5000');
    this.connection.pragma('journal_mode = WAL');
    this.connection.pragma('synchronous = NORMAL');
    this.connection.pragma('foreign_keys = ON');
    this.connection.exec(schema);
  }

  rows<Row>(sql: string, ...values: Value[]): Row[] {
    return this.connection.prepare(sql).all(...values) as Row[];
  }

  row<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.rows<Row>(sql, ...values)[0];
  }

  run(sql: string, ...values: Value[]): void {
    this.connection.prepare(sql).run(...values);
  }

  close(): void {
    this.connection.close();
  }
}
