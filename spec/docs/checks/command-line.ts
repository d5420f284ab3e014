import { rejects } from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Check } from '../check';
import { serveMe } from '../serve-me';
import { later } from '../trying';

const check: Check = async ({ Client }) => {
  const { lm, url, counted } = await serveMe();
  const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  const file = join(folder, 'tokens.json');
  const client = () => new Client(url, file); // a program that has just started
  try {
    await rejects(client().get('/me'), /not logged in/);
    await rejects(client().login('ada@example.com', 'wrong'), /./);
    expect(existsSync(file)).to.equal(false);
    await client().login('ada@example.com', 'correct horse');
    expect(statSync(file).mode & 0o777).to.equal(0o600);

    const expectMe = async () => expect((await client().get('/me')).status).to.equal(200);
    await expectMe();
    await later(901, async () => {
      await Promise.all([expectMe(), expectMe()]);
      await expectMe();
    });
    expect(counted.refreshes).to.be.within(1, 2);

    const { access_token } = JSON.parse(readFileSync(file, 'utf8'));
    await client().logout();
    expect(existsSync(file)).to.equal(false);
    await rejects(lm.verify(access_token));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export default check;
