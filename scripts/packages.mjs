// Packages of their own within the project, which `npm ci` at its root does not install.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command in a folder of the project; a failure ends the process with its status. */
export function run(command, args, folder = '.') {
  const { status, error } = spawnSync(command, args, { cwd: join(root, folder), stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs what the lock file of a folder names, unless it is there. */
export function installPackage(folder) {
  const lockFile = join(root, folder, 'package-lock.json');
  const installed = join(root, folder, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs) return;
  run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], folder);
}
