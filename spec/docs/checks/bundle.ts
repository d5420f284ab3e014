import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Check } from '../check';

/** Bundles the application of another spec, which logs in on Koa and Express and prints the answers. */
const check: Check = async ({ build }) => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const file = join(folder, 'bundle.cjs');
  try {
    await build(join(__dirname, '../../package/minified-bundle.fixture.js'), file);
    expect((await stat(file)).size).to.be.above(100_000);
    expect(await readFile(file, 'utf8')).not.to.include('class LoginManager ');
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const answers = [
      [401, null],
      [200, { by: 'ada@example.com', body: { text: 'hello' } }],
    ];
    expect(JSON.parse(stdout)).to.include.keys('koa', 'express5');
    expect(JSON.parse(stdout).express5).to.deep.equal(answers);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default check;
