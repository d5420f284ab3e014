import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { rolldown } from 'rolldown';

const fixture = resolve(__dirname, 'minified-bundle.fixture.js');

describe('an application that is bundled with all it needs, and minified', () => {
  let folder: string;
  let file: string;

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), 'minified-'));
    file = join(folder, 'app.cjs');
    const bundle = await rolldown({ input: fixture, platform: 'node', logLevel: 'silent' });
    await bundle.write({ file, format: 'cjs', minify: true, codeSplitting: false });
    await bundle.close();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('has no function with the name of the body parser', async () => {
    expect(await readFile(file, 'utf8')).not.to.match(/function bodyParser\b/);
  });

  it('guards its routes on each framework, and reads bodies after that', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const answers = [
      [401, null],
      [200, { by: 'ada@example.com', body: { text: 'hello' } }],
    ];
    expect(JSON.parse(stdout)).to.deep.equal({ koa: answers, withCors: answers, express5: answers });
  });
});
