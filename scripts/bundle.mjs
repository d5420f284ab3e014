// Puts what tsc made of src into as few files as the subpaths of the package allow, which loads in half the time: a
// file for each of them, and what several of them need in files between.
//
//   node scripts/bundle.mjs

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiled = join(root, '.build/package');
const dist = join(root, 'dist');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The names of the files that the subpaths of the package are in, such as `openapi/index`. */
const names = Object.values(exports).flatMap(({ default: file }) =>
  file ? [relative('dist', file).slice(0, -3)] : [],
);

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(names.map((name) => [name, join(compiled, `${name}.js`)])),
  external: /^[^./]/,
  platform: 'node',
});
const { output } = await bundle.write({
  dir: dist,
  format: 'cjs',
  strict: true,
  chunkFileNames: 'shared/[name].js',
});
await bundle.close();

const written = output.map(({ fileName }) => join(dist, fileName));
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && path.endsWith('.js') && !written.includes(path)) rmSync(path);
}

// The main entry loads reflect-metadata, but its declarations would bring that package's global types to every user.
const declarations = join(dist, 'index.d.ts');
writeFileSync(declarations, readFileSync(declarations, 'utf8').replace("import 'reflect-metadata';\n", ''));
