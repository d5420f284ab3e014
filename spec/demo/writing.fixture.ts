import { Database } from '../../demo/database';
import { SqliteSessionStore } from '../../demo/sessions/sqlite-session-store';

/** A process that writes the same records as others do, into one file; it prints those that it was the first to write. */
async function main(file: string): Promise<void> {
  const store = new SqliteSessionStore(new Database(file));
  const first: number[] = [];
  for (let id = 0; id < 500; id++) if (await store.write('owner', `raced ${id}`, null, '1', 60_000)) first.push(id);
  console.log(JSON.stringify(first));
}

void main(process.argv[2] as string);
