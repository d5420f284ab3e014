// Runs the compiled specs with mocha: all of them, or the files and folders of spec/ that are named, with any options
// of mocha's besides. `--library` names all folders but those that start processes, browsers or compilers, `--system` names
// those. Under CI an `.only` or a pending spec is a failure, and MOCHA_COUNTS may name a file for the
// counts.
//
//   node scripts/spec.mjs [--library | --system | spec/<file>.spec.ts | spec/<folder>]... [mocha option]...

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
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

/** Specs of the demo, the samples, the package, its types, of Redis, of several servers, and the fuzzer. */
const system = [
  'spec/demo',
  'spec/docs',
  'spec/fuzz',
  'spec/package',
  'spec/types',
  'spec/sessions/redis',
  'spec/sessions/system',
];

const groups = {
  '--system': () => system,
  '--library': () => [
    ...readdirSync(join(root, 'spec'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['support', 'soak'].includes(entry.name))
      .map(({ name }) => `spec/${name}`)
      .filter((folder) => !system.includes(folder)),
    'spec/package/modules.spec.ts', // loads every module, so that coverage counts those that only have types
  ],
};

const given = process.argv.slice(2);
const paths = [...given.filter(isPath), ...given.flatMap((argument) => groups[argument]?.() ?? [])];
const options = given.filter((argument) => !isPath(argument) && !(argument in groups));
if (given.includes('--library')) options.push('--ignore', '.build/spec/sessions/{redis,system}/**');
if (process.env.CI) options.push('--forbid-only', '--forbid-pending');
if (process.env.MOCHA_COUNTS) options.push('--reporter', 'scripts/ci-reporter.cjs');

const run = [mocha, ...options, ...(paths.length > 0 ? paths : ['spec']).map(compiled)];
const { status, error } = spawnSync(process.execPath, run, { cwd: root, stdio: 'inherit' });
if (error) throw error;
process.exitCode = status ?? 1;
