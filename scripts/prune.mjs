// Removes from a folder of compiled files whatever no source accounts for any more, so that a deleted spec no longer
// runs and a deleted module is not published. What is current stays: a second run next door is not disturbed.
//
//   node scripts/prune.mjs <folder>...

import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What tsc makes of which sources: the folder of the output, the folder of the source, the endings it writes. */
const OUTPUTS = {
  dist: [
    { output: 'dist', source: 'src', ending: /\.d\.ts$/, others: /\.js$/ }, // scripts/bundle.mjs sees to those
    { output: '.build/package', source: 'src', ending: /\.js$/ },
  ],
  '.build': ['src', 'spec', 'demo', 'bench'].map((name) => ({
    output: `.build/${name}`,
    source: name,
    ending: /\.js(?:\.map)?$/,
  })),
};

function prune({ output, source, ending, others }, folder = join(root, output)) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      prune({ output, source, ending, others }, path);
      if (readdirSync(path).length === 0) rmdirSync(path);
      continue;
    }
    if (others?.test(entry.name)) continue;
    const origin = join(root, source, relative(join(root, output), path)).replace(ending, '.ts');
    if (!ending.test(entry.name) || !existsSync(origin)) rmSync(path);
  }
}

for (const name of process.argv.slice(2)) {
  const outputs = OUTPUTS[name];
  if (!outputs)
    throw new Error(`nothing is known about the folder ${name}; known are ${Object.keys(OUTPUTS).join(', ')}`);
  for (const output of outputs) prune(output);
}
