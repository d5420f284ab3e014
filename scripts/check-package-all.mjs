// The part of check-package.mjs that takes long: every supported Node and TypeScript, another installer, other compilers.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const NODES = ['20.19', '22', '24', '26'];

/** From 6 on there is no module resolution `node10`. */
const TYPESCRIPTS = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0'];

const TOOLS = { '@swc/core': '1', esbuild: '0.28', pnpm: '12' };

/** From 4 on Vitest records the types of parameters, as the `tsconfig.json` says; 3 needs a plugin for it. */
const VITESTS = [
  { tools: { vitest: '5' }, files: [] },
  { tools: { vitest: '4' }, files: [] },
  { tools: { vitest: '3', 'unplugin-swc': '1', '@swc/core': '1' }, files: ['vitest.config.mts'] },
];

const QUIETLY = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * @param tarball - The packed package.
 * @param work - A folder that is removed in the end.
 * @param app - The application in which the tarball is installed.
 */
export async function checkEverything({ tarball, work, app, run, compile, logIn }) {
  const tools = join(work, 'tools');
  install(tools, {
    ...TOOLS,
    ...Object.fromEntries(TYPESCRIPTS.map((version) => [`ts-${version}`, `npm:typescript@${version}`])),
  });
  const { require: fromTools, resolve } = toolsIn(tools);

  await underEachNode();
  withEachTypeScript();
  await withSwc();
  await withEsbuild();
  await withPnpm();
  withEachVitest();

  function install(folder, dependencies) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    run('npm', ['install', ...QUIETLY], folder);
  }

  async function underEachNode() {
    for (const version of NODES) {
      const node = nodeOf(version);
      for (const program of ['consumer.cjs', 'consumer.mjs']) await logIn(program, { node });
      console.log(`Node ${run(node, ['--version'], work).trim()}: logged in`);
    }
  }

  /** The package `node` of npm has the binaries. */
  function nodeOf(version) {
    return run(
      'npm',
      ['exec', '--yes', `--package=node@${version}`, '--', 'node', '-p', 'process.execPath'],
      work,
    ).trim();
  }

  function withEachTypeScript() {
    for (const version of TYPESCRIPTS) {
      compile(`ts-${version}`, { module: 'node16' }, 'consumer.cts', tools);
      compile(`ts-${version}`, { module: 'node16' }, 'consumer.mts', tools);
      const isOld = version.startsWith('5.');
      const node10 = { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true };
      if (isOld) compile(`ts-${version}`, node10, 'consumer.ts', tools);
    }
  }

  async function withSwc() {
    const jsc = {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      target: 'es2022',
      keepClassNames: true,
    };
    const source = readFileSync(join(app, 'consumer.cts'), 'utf8');
    const { code } = await fromTools('@swc/core').transform(source, {
      jsc,
      module: { type: 'commonjs' },
      filename: 'consumer.ts',
    });
    writeFileSync(join(app, 'consumer-swc.cjs'), code);
    await logIn('consumer-swc.cjs');
  }

  /** One file, as for AWS Lambda, of what tsc made: esbuild itself writes no metadata. */
  async function withEsbuild() {
    const outfile = join(work, 'bundle/bundle.cjs');
    await fromTools('esbuild').build({
      entryPoints: [join(app, 'consumer.cjs')],
      bundle: true,
      minify: true,
      platform: 'node',
      outfile,
      logLevel: 'error',
      external: ['koa', '@koa/router', 'koa-bodyparser', '@koa/multer', '@koa/cors', 'multer', 'cors'],
    });
    await logIn('bundle.cjs', { cwd: join(work, 'bundle') });
  }

  /** pnpm gives a package only what it declares. */
  async function withPnpm() {
    const folder = join(work, 'pnpm');
    mkdirSync(folder);
    const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    cpSync(join(app, 'consumer.cjs'), join(folder, 'consumer.cjs'));
    run(
      nodeOf('24'),
      [resolve('pnpm/bin/pnpm.mjs'), 'install', '--ignore-scripts', '--prefer-offline', '--silent'],
      folder,
    );
    await logIn('consumer.cjs', { cwd: folder });
    console.log(`pnpm: logged in, with ${tarball.split('/').at(-1)}`);
  }

  function withEachVitest() {
    const { dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
    for (const { tools: testTools, files } of VITESTS) {
      const folder = join(work, `vitest-${testTools.vitest}`);
      install(folder, { ...dependencies, ...testTools });
      const compilerOptions = { target: 'ES2022', experimentalDecorators: true, emitDecoratorMetadata: true };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      for (const file of ['consumer.test.ts', ...files]) cpSync(join(app, file), join(folder, file));
      console.log(run(nodeOf('24'), [join(folder, 'node_modules/vitest/vitest.mjs'), 'run'], folder).trim());
    }
  }
}

function toolsIn(folder) {
  const require = createRequire(join(folder, 'package.json'));
  return { require, resolve: (path) => join(folder, 'node_modules', path) };
}
