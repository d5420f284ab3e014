import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const root = resolve(__dirname, '../../..');
const dist = join(root, 'dist');

/** The same modules, one file each. */
const modules = join(root, '.build/src');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Which folder or file of src needs which packages at run time. What is missing here needs none but Node's own. */
const RUNTIME: Record<string, string[]> = {
  errors: ['routing-controllers'],
  util: ['fastest-levenshtein', 'ms'],
  jwt: ['jsonwebtoken', 'lru-cache'],
  http: ['cookie', 'on-headers', 'raw-body', 'routing-controllers'],
  users: ['lru-cache', 'routing-controllers'],
  authorization: ['routing-controllers'],
  'routing-controllers': ['routing-controllers'],
  oauth2: ['routing-controllers'],
  openapi: ['reflect-metadata', 'routing-controllers-openapi'],
  'index.js': ['reflect-metadata'],
};

/** Which packages the declarations name: users must have their types. */
const DECLARED = ['node:*', 'routing-controllers'];

/** What only the users of a subpath need beside that: they install it, and have its types. */
const OF_SUBPATHS: Record<string, string[]> = { openapi: ['reflect-metadata', 'routing-controllers-openapi'] };

describe('the build', () => {
  it('needs each package in its place and no other, and neither express nor koa', () => {
    const needed: Record<string, Set<string>> = {};
    for (const file of filesIn(modules, '.js')) {
      const place = relative(modules, file).split('/')[0] ?? '';
      for (const name of required(file)) {
        needed[place] ??= new Set();
        needed[place].add(name);
      }
    }
    const sorted = Object.entries(needed).map(([place, names]) => [place, [...names].sort()]);
    expect(Object.fromEntries(sorted)).to.deep.equal(RUNTIME);
    const all = new Set(filesIn(dist, '.js').flatMap(required));
    expect([...all].sort()).to.deep.equal([...new Set(Object.values(RUNTIME).flat())].sort());
  });

  it('is a file for each subpath, and few between them', () => {
    const files = filesIn(dist, '.js').map((file) => relative(dist, file));
    const subpaths = ['index.js', 'openapi/index.js', 'sessions/redis.js', 'testing/index.js'];
    expect(files).to.include.members(subpaths);
    expect(files.length).to.be.lessThan(2 * subpaths.length);
  });

  it('is in strict mode, as the sources are', () => {
    for (const file of filesIn(dist, '.js')) expect(readFileSync(file, 'utf8'), file).to.match(/^["']use strict["'];/);
  });

  it('needs only what installing the package brings', () => {
    const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    const optional = Object.keys(manifest.peerDependenciesMeta);
    const needed = new Set(Object.entries(RUNTIME).flatMap(([place, names]) => withoutOwn(place, names)));
    expect([...needed].filter((name) => !installed.includes(name) || optional.includes(name))).to.deep.equal([]);
    expect(
      Object.keys(manifest.dependencies).filter((name) => !needed.has(name)),
      'unused',
    ).to.deep.equal([]);
  });

  it('has declarations without types that users may lack', () => {
    const names = filesIn(dist, '.d.ts').flatMap((file) =>
      withoutOwn(relative(dist, file).split('/')[0] ?? '', [
        ...specifiers(file, /\b(?:from|import|import\(|require\()\s*['"](?<name>[^'".][^'"]*)['"]/g),
        ...specifiers(file, /<reference (?:types|lib|path)="(?<name>[^"]*)"/g),
      ]),
    );
    const isNode = (name: string) => builtinModules.includes(name.replace(/^node:/, ''));
    expect([...new Set(names.map((name) => (isNode(name) ? 'node:*' : name)))].sort()).to.deep.equal(DECLARED);
  });
});

describe('the tarball', function () {
  this.timeout(30_000);
  this.slow(5000);

  it('holds what users need and nothing else', async () => {
    const arguments_ = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { stdout } = await promisify(execFile)('npm', arguments_, { cwd: root });
    const files: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
    const built = filesIn(dist, '').map((file) => relative(root, file));
    const missing = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', ...built].filter(
      (file) => !files.includes(file),
    );
    expect(
      files.filter(
        (file) => !/^dist\/.+\.(?:js|d\.ts)$|^(?:CHANGELOG|README)\.md$|^LICENSE$|^package\.json$/.test(file),
      ),
    ).to.deep.equal([]);
    expect(missing).to.deep.equal([]);
  });
});

function withoutOwn(place: string, names: readonly string[]): string[] {
  return names.filter((name) => !OF_SUBPATHS[place]?.includes(name));
}

/** The packages that a file loads. */
function required(file: string): string[] {
  const names = specifiers(file, /\brequire\(["'](?<name>(?!node:)[^"'.][^"']*)["']\)/g);
  return names.filter((name) => !builtinModules.includes(name)); // a message quotes a command
}

function specifiers(file: string, pattern: RegExp): string[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map((match) => match.groups?.name ?? '');
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));
}
