// Runs the compiled benchmark, after installing and compiling what it compares the library with.
//
//   node scripts/bench.mjs [--quick]

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const peers = join(root, 'bench/peers');

const run = (command, args, cwd = root) => {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

const lockFile = join(peers, 'package-lock.json');
const installed = join(peers, 'node_modules/.package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockFile).mtimeMs) {
  run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], peers);
}
run('npx', ['tsc', '-p', 'bench/peers/tsconfig.json']);
run(process.execPath, ['.build/bench/run.js', ...process.argv.slice(2)]);
