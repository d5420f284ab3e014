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

const runs = versions.map((version, index) => {
  const bench = ['node', 'scripts/bench.mjs', ...options, ...(index === 0 ? [] : ['--as', `node-${version}`])];
  const { status, error } = spawnSync('npx', ['--yes', `--package=node@${version}`, '--', ...bench], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  const { node, rows } = JSON.parse(readFileSync(join(root, '.build/bench/bar.json'), 'utf8'));
  return { node, rows: byWhat(rows) };
});

/** Rows by what they are; the same words may stand for the row before. */
function byWhat(rows) {
  let before = '';
  return new Map(
    rows.map((row) => {
      const isSame = row[0].startsWith('the same');
      if (!isSame) before = row[0];
      return [isSame ? `${before}: ${row[0]}` : row[0], row];
    }),
  );
}

const whats = [...new Set(runs.flatMap(({ rows }) => [...rows.keys()]))];
const cell = (row) => (row ? [row[2], row[3]].filter(Boolean).join(', ') : '');
const lines = [
  ['', 'goal', ...runs.map(({ node }) => `Node ${node.slice(1)}`)],
  ['---', ...['', ...versions].map(() => '---:')],
  ...whats.map((what) => [
    what,
    runs.map(({ rows }) => rows.get(what)?.[1]).find(Boolean) ?? '',
    ...runs.map(({ rows }) => cell(rows.get(what))),
  ]),
].map((cells) => `| ${cells.join(' | ')} |`);
writeFileSync(
  join(results, 'nodes.md'),
  `# The bar on several versions of Node

${new Date().toISOString().slice(0, 10)}. Each column is one run of the benchmark${options.includes('--quick') ? ' with less effort (`--quick`)' : ''}, one after the other on the same machine, which
\`results.md\` names.

${lines.join('\n')}
`,
);
