import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type MarkdownSample, readMarkdownSamples } from './markdown-samples';
import { sampleModule } from './sample-module';

const root = resolve(__dirname, '../../..');
const output = join(root, '.build/samples');
const preludes = join(root, 'spec/docs/preludes');
const checks = join(root, 'spec/docs/checks');
const runChild = promisify(execFile);

export interface Document {
  readonly path: string;
  readonly samples: readonly MarkdownSample[];
  readonly problems: readonly string[];
}

/** The documents that may hold samples: the Markdown files of the project, of docs/ and of demo/. */
export function readDocuments(): Document[] {
  const ofRoot = readdirSync(root)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, name));
  return [...ofRoot, ...['docs', 'demo'].flatMap((folder) => filesIn(join(root, folder), '.md'))].map((file) => ({
    path: relative(root, file),
    ...readMarkdownSamples(readFileSync(file, 'utf8')),
  }));
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

function filesIn(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name));
}
