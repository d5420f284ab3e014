import type { RevocationStore } from 'routing-controllers-login';
import type { Database } from '../database';

const keep = `
  INSERT INTO revocations VALUES (?, ?, ?, 1)
  ON CONFLICT (id) DO UPDATE SET
    at = max(at, excluded.at), expires_at = max(expires_at, excluded.expires_at), times = times + 1
  RETURNING times
`;
const live = 'SELECT id, at FROM revocations WHERE id IN (SELECT value FROM json_each(?)) AND expires_at > ?';

/** Revocations beside the notes, in SQLite: a store written by hand. Processes may share the file. */
export class SqliteRevocationStore implements RevocationStore {
  constructor(private readonly db: Database) {}

  async revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    return this.db.atomically(() => {
      this.db.rows('DELETE FROM revocations WHERE expires_at <= ? RETURNING id', Date.now());
      return this.db.row<{ times: number }>(keep, id, at, expiresAt)?.times === 1;
    });
  }

  async revokedAt(ids: string[]): Promise<(number | null)[]> {
    const rows = this.db.rows<{ id: string; at: number }>(live, JSON.stringify(ids), Date.now());
    const found = new Map(rows.map(({ id, at }) => [id, at]));
    return ids.map((id) => found.get(id) ?? null);
  }
}
