import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { sessionStoreContract } from 'routing-controllers-login/testing';
import { Database } from '../../demo/database';
import { SqliteSessionStore } from '../../demo/sessions/sqlite-session-store';

describe('demo: revocations in SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'revocations-'));
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
  const later = () => Date.now() + 60_000;

  afterEach(() => {
    for (const db of open.splice(0)) db.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { title, run } of sessionStoreContract(createStore, { createUnreachable })) it(title, run);

  it('know of what another connection to the file revoked', async () => {
    const stores = [createStore(), createStore()];
    const answers = await Promise.all(stores.map((store) => store.revoke('shared', 1000, later())));
    expect(answers).to.have.members([true, false]);
    for (const store of stores) expect(await store.revokedAt(['shared'])).to.deep.equal([1000]);
  });

  it('have one first of two processes that share the file', async () => {
    const file = join(folder, 'notes.db');
    database();
    const run = async () => {
      const script = join(__dirname, 'revoking.fixture.js');
      return JSON.parse((await promisify(execFile)(process.execPath, [script, file])).stdout) as number[];
    };
    const [one = [], other = []] = await Promise.all([run(), run()]);
    expect([...one, ...other].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 500 }, (_, id) => id));
  }).timeout(10_000);

  it('go when they expire, so that the table does not grow', async () => {
    const db = database();
    const store = new SqliteSessionStore(db);
    for (let id = 0; id < 10; id++) await store.revoke(`old ${id}`, 1000, Date.now() - 1);
    await store.revoke('new', 1000, later());
    expect(db.rows("SELECT id FROM revocations WHERE id LIKE 'old%'")).to.deep.equal([]);
  });
});
