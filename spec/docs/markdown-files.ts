import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The root of the project. */
export const root = resolve(__dirname, '../../..');

/** What is generated or installed. */
const SKIPPED = [/(?:^|\/)node_modules$/, /(?:^|\/)\.[^/]+$/, /^docs\/reference\/api$/];

/** Paths of the Markdown files of the project, of docs/ and of demo/, relative to the root. */
export function markdownFiles(): string[] {
  return [...filesIn(root, '.md'), ...filesBelow('docs'), ...filesBelow('demo')].map((file) => relative(root, file));
}

/** Full paths of the files of a folder; none if there is no such folder. */
export function filesIn(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder)) || SKIPPED.some((pattern) => pattern.test(folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return [...filesIn(join(root, folder), '.md'), ...folders.flatMap(({ name }) => filesBelow(`${folder}/${name}`))];
}
