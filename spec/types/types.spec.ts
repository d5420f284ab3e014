import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = resolve(__dirname, '../../..');
const folder = join(root, 'spec/types');
const run = promisify(execFile);

/** Compiles spec/types against the declarations that users get, those in dist; gives the diagnostics. */
async function diagnose(compiler: string): Promise<string> {
  const tsc = join(dirname(require.resolve(`${compiler}/package.json`)), 'bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: root });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr || String(error);
  }
}

describe('types', function () {
  this.timeout(60_000);
  this.slow(20_000);

  it('has something to compile', () => {
    expect(readdirSync(folder).filter((file) => file.endsWith('.types.ts'))).not.to.be.empty;
  });

  for (const compiler of ['typescript', 'typescript-5.4']) {
    it(`accepts what fits and refuses what does not, with ${compiler}`, async () => {
      expect(await diagnose(compiler)).to.equal('');
    });
  }
});
