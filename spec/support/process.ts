import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Calls a function with `NODE_ENV` set, and sets it back. */
export function withNodeEnv<T>(value: string, call: () => T): T {
  const earlier = process.env.NODE_ENV;
  process.env.NODE_ENV = value;
  try {
    return call();
  } finally {
    if (earlier === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = earlier;
  }
}

/** The process warnings that a function causes; they are kept from the terminal. */
export async function warningsOf(call: () => void): Promise<(Error & { code?: string })[]> {
  const printers = process.listeners('warning');
  const warnings: Error[] = [];
  process.removeAllListeners('warning').on('warning', (warning) => warnings.push(warning));
  try {
    call();
    await new Promise((resolve) => setImmediate(resolve)); // warnings are told in the next tick
  } finally {
    process.removeAllListeners('warning');
    for (const printer of printers) process.on('warning', printer);
  }
  return warnings;
}

/**
 * Runs a script in a process of its own, for what a process has only one of; `library` is the barrel's exports, and
 * what `result` is set to comes back.
 */
export function inChildProcess(script: string): unknown {
  const barrel = JSON.stringify(path.resolve(__dirname, '../../src/index.js'));
  const program = `require('reflect-metadata'); const library = require(${barrel}); let result;
    (async () => { ${script} })().then(() => console.log(JSON.stringify(result)));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', cwd: __dirname });
  if (status !== 0) throw new Error(`The script failed: ${stderr}`);
  return JSON.parse(stdout);
}
