import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { filesIn, markdownFiles, root } from './markdown-files';
import { type MarkdownSample, readMarkdownSamples } from './markdown-samples';
import { sampleModule } from './sample-module';

const output = join(root, '.build/samples');
const preludes = join(root, 'spec/docs/preludes');
const checks = join(root, 'spec/docs/checks');
const runChild = promisify(execFile);

export interface Document {
  readonly path: string;
  readonly samples: readonly MarkdownSample[];
  readonly problems: readonly string[];
}

/** The documents that may hold samples: the Markdown files of the project, of docs/ with its folders, and of demo/. */
export function readDocuments(): Document[] {
  return markdownFiles().map((path) => ({ path, ...readMarkdownSamples(readFileSync(join(root, path), 'utf8')) }));
}

export const checkNames = (): string[] => filesIn(checks, '.ts').map(nameOf);
export const preludeNames = (): string[] => filesIn(preludes, '.ts').map(nameOf);
export const hasCheck = ({ name }: MarkdownSample): boolean => existsSync(join(checks, `${name}.ts`));

/** What the compiler says of the samples: for each of them, and of what is none (a prelude, the configuration). */
export interface Diagnostics {
  of(sample: MarkdownSample): string[];
  readonly others: string[];
}

/** Compiles all samples at once, with the project's options, into .build/samples. */
export async function compileSamples(documents: readonly Document[]): Promise<Diagnostics> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  symlinkSync(join(await installedDatabases(), 'node_modules'), join(output, 'node_modules'));
  const samples = documents.flatMap(({ path, samples }) => samples.map((sample) => ({ path, sample })));
  if (samples.length === 0) return { of: () => [], others: [] };

  if (existsSync(preludes)) cpSync(preludes, join(output, 'preludes'), { recursive: true });
  for (const { sample } of samples) {
    const { source } = moduleOf(sample);
    writeFileSync(sourceFile(sample), source);
  }
  writeFileSync(
    join(output, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { types: ['node'], rootDir: '.', outDir: '.', noUnusedLocals: false, noUnusedParameters: false },
      include: ['**/*.ts', '**/*.mts'],
      exclude: [],
    }),
  );

  const said = await tsc();
  const saidOf = (sample: MarkdownSample) => said.filter((line) => line.startsWith(`${nameOf(sourceFile(sample))}.`));
  return {
    of: (sample) => {
      const document = samples.find((candidate) => candidate.sample === sample)?.path ?? '';
      return saidOf(sample).map((line) => line.replace(/^[^(]*/, document));
    },
    others: said.filter((line) => !samples.some(({ sample }) => saidOf(sample).includes(line))),
  };
}

/** Runs a compiled sample and its check in a process of their own; rejects with what they printed. */
export async function runSample({ path }: Document, sample: MarkdownSample): Promise<void> {
  const { NODE_V8_COVERAGE: _, ...environment } = process.env;
  const compiled = sourceFile(sample).replace(/ts$/, 'js');
  const runner = [join(__dirname, 'run-sample.js'), compiled, join(__dirname, 'checks', `${sample.name}.js`)];
  try {
    await runChild(process.execPath, ['--enable-source-maps', ...runner], {
      cwd: output,
      env: {
        ...environment,
        NODE_ENV: 'test',
        SECRET: 'the secret of the samples, long enough for any HS algorithm....',
      },
      timeout: 30_000,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stdout}${stderr}`.replaceAll(sourceFile(sample), path) || String(error));
  }
}

/** One diagnostic for each item; lines that belong to the one before stay with it. */
async function tsc(): Promise<string[]> {
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  try {
    await runChild(process.execPath, [compiler, '-p', output, '--pretty', 'false'], { cwd: output });
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return (stdout + stderr || String(error)).trim().split(/\n(?!\s)/);
  }
}

/** Installs the object mappers that some samples use, unless they are there; returns their folder. */
async function installedDatabases(): Promise<string> {
  const folder = join(root, 'spec/docs/databases');
  const installed = join(folder, 'node_modules/.package-lock.json');
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
  if (!isCurrent) await runChild('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: folder });
  return folder;
}

function moduleOf(sample: MarkdownSample) {
  const prelude = sample.prelude && join(preludes, `${sample.prelude}.ts`);
  return sampleModule(sample, prelude && existsSync(prelude) ? readFileSync(prelude, 'utf8') : undefined);
}

function sourceFile(sample: MarkdownSample): string {
  return join(output, sample.name + moduleOf(sample).extension);
}

function nameOf(file: string): string {
  return relative(dirname(file), file).replace(/\..*$/, '');
}
