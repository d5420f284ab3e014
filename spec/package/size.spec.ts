import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = resolve(__dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What users download, and what a process loads for each subpath, at most, in KiB. Raise a bound only with a reason. */
const TARBALL = 290;
const SUBPATHS: Record<string, number> = { '.': 500, './openapi': 145, './redis': 16, './testing': 20 };

describe('the size of the package', function () {
  this.timeout(30_000);
  this.slow(5000);

  it('is within its bound, packed', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
    });
    expect(JSON.parse(stdout)[0].size / 1024).to.be.within(TARBALL / 2, TARBALL);
  });

  it('is known for each subpath', () => {
    const paths = Object.keys(manifest.exports).filter((path) => typeof manifest.exports[path] === 'object');
    expect(Object.keys(SUBPATHS)).to.have.members(paths);
  });

  for (const [path, bound] of Object.entries(SUBPATHS)) {
    it(`is within its bound for ${path}`, () => {
      const files = loadedBy(join(root, manifest.exports[path].default));
      const size = [...files].reduce((sum, file) => sum + statSync(file).size, 0);
      expect(size / 1024).to.be.within(bound / 2, bound);
    });
  }
});

/** A file of the build, and those that it requires. */
function loadedBy(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\brequire\("(\.[^"]+)"\)/g)) {
    loadedBy(join(dirname(file), path), loaded);
  }
  return loaded;
}
