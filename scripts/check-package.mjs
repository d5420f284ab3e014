// Checks what users get: packs the package, installs the tarball in an application outside the repository, as npm does
// it with no help, starts that application as CommonJS and as ES modules, logs in over HTTP, and compiles a consumer
// with the compilers and module resolutions that the package promises. Needs a registry or npm's cache.
//
//   node scripts/check-package.mjs [--all]
//
// With --all also on each Node and TypeScript that is supported, with pnpm, and with what swc, esbuild and vitest make of it.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkEverything } from './check-package-all.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const consumer = join(root, 'scripts/consumer');
const work = mkdtempSync(join(tmpdir(), 'packed-'));
const app = join(work, 'app');

try {
  const tarball = pack();
  install(tarball);
  compile('typescript', { module: 'node16' }, 'consumer.cts');
  compile('typescript', { module: 'node16' }, 'consumer.mts');
  for (const program of ['consumer.cjs', 'consumer.mjs']) await logIn(program);
  compile('typescript-5.4', { module: 'node16' }, 'consumer.cts');
  compile('typescript-5.4', { module: 'node16' }, 'consumer.mts');
  compile('typescript-5.4', { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true }, 'consumer.ts');
  if (process.argv.includes('--all')) await checkEverything({ tarball, work, app, run, compile, logIn });
  console.log('the packed tarball is fine');
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Packs, which builds first, and looks at what went in. */
function pack() {
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], root));
  const allowed = /^dist\/.+\.(?:js|d\.ts)$|^(?:README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/;
  const paths = files.map(({ path }) => path);
  const strangers = paths.filter((path) => !allowed.test(path));
  const missing = ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts'].filter(
    (path) => !paths.includes(path),
  );
  if (strangers.length > 0) throw new Error(`not for users: ${strangers.join(', ')}`);
  if (missing.length > 0) throw new Error(`not in the tarball: ${missing.join(', ')}`);
  console.log(`packed: ${paths.length} files`);
  return join(work, filename);
}

/** Installs the tarball beside its peers; `npm ci` refuses what does not resolve cleanly. */
function install(tarball) {
  mkdirSync(app);
  for (const file of ['express.d.ts', 'consumer.test.ts', 'vitest.config.mts'])
    cpSync(join(consumer, file), join(app, file));
  const { koa, ...peers } = manifest.peerDependencies;
  const dependencies = { ...peers, express: manifest.devDependencies.express, [manifest.name]: `file:${tarball}` };
  const devDependencies = { '@types/node': manifest.devDependencies['@types/node'] };
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, dependencies, devDependencies }),
  );
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--strict-peer-deps'];
  run('npm', ['install', '--package-lock-only', ...quietly], app);
  run('npm', ['ci', ...quietly], app);

  const types = readdirSync(join(app, 'node_modules/@types')).filter((name) => name !== 'node');
  const ours = ['jsonwebtoken', 'ms', 'on-headers', 'express', 'koa', 'cookie'].filter((name) => types.includes(name));
  if (ours.length > 0) throw new Error(`the check is worth nothing with @types of ${ours.join(', ')} installed`);
  console.log('installed from the tarball');
}

/** Starts an application, which prints its address, and uses it as a client would. */
async function logIn(program, { node = process.execPath, cwd = app } = {}) {
  const child = spawn(node, [program], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`)));
  ended.catch(() => undefined);
  try {
    const [url] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    const get = async (token) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/notes`, { headers, signal: AbortSignal.timeout(10_000) });
      return [response.status, response.headers.get('www-authenticate'), await response.json()];
    };
    const login = async (password) => {
      const body = new URLSearchParams({ grant_type: 'password', username: 'ada', password });
      const response = await fetch(`${url}/login`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
      return [response.status, await response.json()];
    };

    const [refused, challenge] = await get();
    expect(program, 'without a token', [refused, challenge], [401, 'Bearer realm="api"']);
    const [wrong, { error }] = await login('wrong');
    expect(program, 'with a wrong password', [wrong, error], [400, 'invalid_grant']);
    const [status, { access_token: token, token_type: type }] = await login('lovelace');
    expect(program, 'the login', [status, type], [200, 'bearer']);
    expect(
      program,
      'with the token',
      (await get(token)).filter((_, index) => index !== 1),
      [200, ['a note of ada']],
    );
    const [forged] = await get(`${token}x`);
    expect(program, 'with a forged token', forged, 401);
    console.log(`${program}: logged in`);
  } finally {
    child.kill();
  }
}

/** Compiles the consumer. What other packages' declarations have wrong by themselves is not ours to judge. */
function compile(compiler, options, program, from = root) {
  const strict = { target: 'ES2022', types: ['node'], strict: true, skipLibCheck: false };
  const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true };
  const compilerOptions = { ...strict, ...decorators, ...options };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [program, 'express.d.ts'] }));
  cpSync(join(consumer, 'consumer.ts'), join(app, program));

  const tsc = join(dirname(createRequire(join(from, 'package.json')).resolve(`${compiler}/package.json`)), 'bin/tsc');
  const { stdout, stderr, status } = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
    cwd: app,
    encoding: 'utf8',
  });
  const diagnostics = (stdout + stderr)
    .trim()
    .split(/\n(?!\s)/)
    .filter(Boolean);
  const isForeign = (line) => line.startsWith('node_modules/') && !line.startsWith(`node_modules/${manifest.name}/`);
  const ours = diagnostics.filter((line) => !isForeign(line));
  const foreign = diagnostics.length - ours.length;
  const name = `${compiler}, ${options.moduleResolution ?? options.module}, ${program}`;
  if (ours.length > 0 || (status !== 0 && foreign === 0)) throw new Error([name, ...ours].join('\n'));
  console.log(`compiled: ${name}${foreign > 0 ? ` (${foreign} errors in other packages)` : ''}`);
}

function expect(program, what, actual, expected) {
  const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value));
  if (got !== wanted) throw new Error(`${program}: ${what}: ${got} instead of ${wanted}`);
}

/** Runs a command with the environment of a user's shell, without what npm sets for the scripts of this package. */
function run(command, commandArguments, cwd) {
  const isForeign = ([name]) =>
    !/^npm_(?:package|lifecycle|command|execpath|config_local_prefix)/i.test(name) && name !== 'INIT_CWD';
  const env = Object.fromEntries(Object.entries(process.env).filter(isForeign));
  return execFileSync(command, commandArguments, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
