// Runs the compiled specs with mocha: all of them, or the files and folders of spec/ that are named, with any options
// of mocha's besides. Under CI an `.only` or a pending spec is a failure, and MOCHA_COUNTS may name a file for the
// counts.
//
//   node scripts/spec.mjs [spec/<file>.spec.ts | spec/<folder>]... [mocha option]...

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const mocha = join(dirname(createRequire(import.meta.url).resolve('mocha/package.json')), 'bin/mocha.js');

const isPath = (argument) => /^(?:\.\/)?spec(?:\/|$)/.test(argument);
const compiled = (path) => {
  const output = join('.build', path);
  return output.endsWith('.ts') ? output.replace(/\.ts$/, '.js') : `${output.replace(/\/$/, '')}/**/*.spec.js`;
};

const given = process.argv.slice(2);
const paths = given.filter(isPath);
const options = given.filter((argument) => !isPath(argument));
if (process.env.CI) options.push('--forbid-only', '--forbid-pending');
if (process.env.MOCHA_COUNTS) options.push('--reporter', 'scripts/ci-reporter.cjs');

const run = [mocha, ...options, ...(paths.length > 0 ? paths : ['spec']).map(compiled)];
const { status, error } = spawnSync(process.execPath, run, { cwd: root, stdio: 'inherit' });
if (error) throw error;
process.exitCode = status ?? 1;
