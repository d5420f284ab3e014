// Runs the whole benchmark on several versions of Node, one after the other, and writes its bar side by side to
// bench/results/nodes.md; those of the first are the results. The binaries are those of npm's package `node`. Compile first: npm run compile.
//
//   node scripts/bench-nodes.mjs [--quick] [version]...      (default: 20 24 26)

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const results = join(root, 'bench/results');

const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith('--'));
const named = given.filter((argument) => !argument.startsWith('--'));
const versions = named.length > 0 ? named : ['20', '24', '26'];

const rowsOf = versions.map((version, index) => {
  const name = index === 0 ? 'results' : `node-${version}`;
  const bench = ['node', 'scripts/bench.mjs', ...options, ...(index === 0 ? [] : ['--as', name])];
  const { status, error } = spawnSync('npx', ['--yes', `--package=node@${version}`, '--', ...bench], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return new Map(JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8')).map((row) => [row[0], row]));
});

const whats = [...new Set(rowsOf.flatMap((rows) => [...rows.keys()]))];
const cell = (row) => (row ? [row[2], row[3]].filter(Boolean).join(', ') : '');
const lines = [
  ['', 'goal', ...versions.map((version) => `Node ${version}`)],
  ['---', ...['', ...versions].map(() => '---:')],
  ...whats.map((what) => [
    what,
    rowsOf.map((rows) => rows.get(what)?.[1]).find(Boolean) ?? '',
    ...rowsOf.map((rows) => cell(rows.get(what))),
  ]),
].map((cells) => `| ${cells.join(' | ')} |`);
writeFileSync(join(results, 'nodes.md'), `# The bar on several versions of Node\n\n${lines.join('\n')}\n`);
