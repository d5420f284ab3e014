import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { rejection } from '../support/rejection';

const script = resolve(__dirname, '../../../scripts/release.mjs');

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n- A door.\n\n## 1.0.0 - 2026-01-01\n\n- A house.\n';

describe('a release', function () {
  this.timeout(30_000);
  this.slow(5000);

  let folder: string;

  const run = async (command: string, ...options: string[]) =>
    (await promisify(execFile)(command, options, { cwd: folder })).stdout;
  const release = (...options: string[]) => run(process.execPath, script, ...options);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const commit = async () => {
    await run('git', 'add', '.');
    await run('git', 'commit', '--quiet', '--message', 'A change');
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'release-'));
    await run('git', 'init', '--quiet');
    await run('git', 'config', 'user.name', 'Ada');
    await run('git', 'config', 'user.email', 'ada@example.com');
    write('CHANGELOG.md', CHANGELOG);
    write('package.json', '{ "name": "house", "version": "1.0.0" }\n');
    write('package-lock.json', '{ "name": "house", "version": "1.0.0", "lockfileVersion": 3, "packages": {} }\n');
    await commit();
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives what is unreleased its version, and tags it', async () => {
    await release('1.1.0-rc.1');
    expect(read('CHANGELOG.md')).to.match(
      /## Unreleased\n\n## 1\.1\.0-rc\.1 - \d{4}-\d\d-\d\d\n\n- A door\.\n\n## 1\.0\.0 - /,
    );
    expect(JSON.parse(read('package.json')).version).to.equal('1.1.0-rc.1');
    expect(await run('git', 'tag')).to.equal('v1.1.0-rc.1\n');
    expect(await run('git', 'status', '--porcelain')).to.equal('');
    expect(await release('--verify', 'v1.1.0-rc.1')).to.equal('- A door.\n');
  });

  it('takes the section that is named after it, and gives it a date', async () => {
    write('CHANGELOG.md', CHANGELOG.replace('## Unreleased', '## 1.0.0-rc.2'));
    await commit();
    await release('1.0.0-rc.2');
    expect(read('CHANGELOG.md')).to.match(/^# Changelog\n\n## 1\.0\.0-rc\.2 - \d{4}-\d\d-\d\d\n\n- A door\./);
  });

  it('takes the version that the package has already', async () => {
    write('CHANGELOG.md', CHANGELOG.replace('## 1.0.0 - 2026-01-01', '## 0.9.0 - 2026-01-01'));
    await commit();
    await release('1.0.0');
    expect(await release('--verify', 'v1.0.0')).to.equal('- A door.\n');
  });

  it('is refused without a version, without changes, twice, and with files that are not committed', async () => {
    const messageOf = async (...options: string[]) => (await rejection(release(...options))).message;
    expect(await messageOf()).to.include('name the version');
    expect(await messageOf('next')).to.include('name the version');
    expect(await messageOf('1.0.0')).to.include('has a section 1.0.0 already');
    write('CHANGELOG.md', CHANGELOG.replace('- A door.\n', ''));
    expect(await messageOf('1.1.0')).to.include('not committed');
    await commit();
    expect(await messageOf('1.1.0')).to.include('nothing under "Unreleased"');
    expect(await run('git', 'tag')).to.equal('');
  });

  it('is not published under a tag that is not its version', async () => {
    const { message } = await rejection(release('--verify', 'v2.0.0'));
    expect(message).to.include('the tag is v2.0.0, and the version of the package is 1.0.0');
  });
});
