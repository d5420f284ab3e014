import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { LoginManager } from 'routing-controllers-login';
import { sessionStoreContract } from 'routing-controllers-login/testing';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, whoAmI } from '../trying';

const check: Check = async ({ SqlSessionStore }) => {
  const folder = mkdtempSync(join(tmpdir(), 'sql-store-'));
  const open = (name = 'sessions.db') => new SqlSessionStore(new Database(join(folder, name)));

  const contract = sessionStoreContract(open, {
    isShared: true,
    createUnreachable: () => {
      const db = new Database(':memory:');
      const store = new SqlSessionStore(db);
      db.exec('DROP TABLE login_records');
      return store;
    },
  });
  expect(contract).to.have.length.above(20);
  for (const { title, run } of contract)
    await run().catch((cause: unknown) => {
      throw new Error(title, { cause });
    });

  // two servers
  const managerOf = () => {
    const lm = new LoginManager('forty bytes that nobody else knows of....', '/login', { sessionStore: open() });
    lm.userLoader()((email: string) => ({ email }));
    return lm;
  };
  const [one, other] = [managerOf(), managerOf()];
  const { access_token } = await one.createTokenResponse({ data: { sub: 'ada@example.com' } });
  const client = supertest(whoAmI(other));
  expect((await client.get('/').set(bearer(access_token))).status).to.equal(200);
  await one.revoke(access_token);
  expectUnauthorized(await client.get('/').set(bearer(access_token)), 'token_revoked');
  rmSync(folder, { recursive: true, force: true });
};

export default check;
