import { Database } from '../../demo/database';
import { SqliteSessionStore } from '../../demo/sessions/sqlite-session-store';

/** A process that revokes the same ids as others do, in the file it is told; it prints those of which it was the first. */
async function main(file: string): Promise<void> {
  const store = new SqliteSessionStore(new Database(file));
  const first: number[] = [];
  for (let id = 0; id < 500; id++) if (await store.revoke(`raced ${id}`, 1, Date.now() + 60_000)) first.push(id);
  console.log(JSON.stringify(first));
}

void main(process.argv[2] as string);
