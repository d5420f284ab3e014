import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { sessionStoreContract } from 'routing-controllers-login/testing';
import { Database } from '../../demo/database';
import { SqliteSessionStore } from '../../demo/sessions/sqlite-session-store';

describe('demo: sessions in SQLite', () => {
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
  const MINUTE = 60_000;

  afterEach(() => {
    for (const db of open.splice(0)) db.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { title, run } of sessionStoreContract(createStore, { createUnreachable, isShared: true })) it(title, run);

  it('have one first of two processes that share the file', async () => {
    const file = join(folder, 'notes.db');
    database();
    const run = async () => {
      const script = join(__dirname, 'writing-sessions.fixture.js');
      return JSON.parse((await promisify(execFile)(process.execPath, [script, file])).stdout) as number[];
    };
    const [one = [], other = []] = await Promise.all([run(), run()]);
    expect([...one, ...other].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 500 }, (_, id) => id));
  }).timeout(10_000);

  it('go when they expire, so that the table does not grow', async () => {
    const db = database();
    const store = new SqliteSessionStore(db);
    for (let id = 0; id < 10; id++) await store.write('ada', `old ${id}`, null, '1', -1);
    await store.write('ada', 'new', null, '1', MINUTE);
    expect(db.rows("SELECT name FROM sessions WHERE owner = 'ada'")).to.deep.equal([{ name: 'new' }]);
  });
});
