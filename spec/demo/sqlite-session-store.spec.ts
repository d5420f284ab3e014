import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { sessionStoreContract } from 'routing-controllers-login/testing';
import { Database } from '../../demo/database';
import { SqliteSessionStore } from '../../demo/sessions/sqlite-session-store';

describe('demo: session store in SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  const open: Database[] = [];
  const database = () => {
    const db = new Database(join(folder, 'notes.db'));
    open.push(db);
    return db;
  };
  const createStore = () => new SqliteSessionStore(database());
  const createUnreachable = () => {
    const db = new Database(':memory:');
    db.close();
    return new SqliteSessionStore(db);
  };

  afterEach(() => {
    for (const db of open.splice(0)) db.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { title, run } of sessionStoreContract(createStore, { isShared: true, createUnreachable })) it(title, run);

  it('lets one of several processes that share a new file write each record', async () => {
    const file = join(folder, 'shared.db');
    const script = join(__dirname, 'writing.fixture.js');
    const run = async () =>
      JSON.parse((await promisify(execFile)(process.execPath, [script, file])).stdout) as number[];
    const written = (await Promise.all([run(), run(), run()])).flat();
    expect(written.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 500 }, (_, id) => id));
  }).timeout(30_000);

  it('removes expired records, so that the table does not grow', async () => {
    const db = database();
    const store = new SqliteSessionStore(db);
    for (let id = 0; id < 10; id++) await store.write('owner', `old ${id}`, null, '1', -1);
    await store.write('owner', 'new', null, '1', 60_000);
    expect(db.rows("SELECT name FROM sessions WHERE owner = 'owner'")).to.deep.equal([{ name: 'new' }]);
  });
});
