import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(__dirname, '../../..');

/** Runs a script that imports nothing but what it says. */
function run(script: string, ...options: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).to.equal('');
  expect(status).to.equal(0);
  return stdout.trim();
}

describe('the main entry', () => {
  it('loads reflect-metadata, for CommonJS', () => {
    expect(run("require('routing-controllers-login'); console.log(typeof Reflect.getMetadata);")).to.equal('function');
  });

  it('loads reflect-metadata, for ES modules', () => {
    const script = "import 'routing-controllers-login'; console.log(typeof Reflect.getMetadata);";
    expect(run(script, '--input-type=module')).to.equal('function');
  });

  it('is no module that a bundler may leave out', () => {
    const { sideEffects } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(sideEffects).to.deep.equal(['./dist/index.js', './dist/openapi/index.js']);
  });
});
