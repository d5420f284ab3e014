import { setTimeout } from 'node:timers/promises';
import { Database } from '../../demo/database';
import { SqliteSessionStore } from '../../demo/sessions/sqlite-session-store';

/** A process that writes the same records as others do, in the file it is told; it prints those that it was the first to write. */
async function main(file: string): Promise<void> {
  const store = new SqliteSessionStore(new Database(file));
  const first: number[] = [];
  for (let id = 0; id < 500; id++) {
    if (await store.write('raced', `${id}`, null, '1', 60_000)) first.push(id);
    await setTimeout(1); // SQLite lets nobody else write who has no pause to do it in
  }
  console.log(JSON.stringify(first));
}

void main(process.argv[2] as string);
