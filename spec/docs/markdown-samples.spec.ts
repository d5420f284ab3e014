import { expect } from 'chai';
import { type MarkdownSample, readMarkdownSamples } from './markdown-samples';
import { sampleModule } from './sample-module';

const read = (...lines: string[]) => readMarkdownSamples(lines.join('\n'));
const sample = (...lines: string[]): MarkdownSample => ({
  name: 'any',
  prelude: undefined,
  lines: new Map(lines.map((line, index) => [index + 3, line])),
});

describe('readMarkdownSamples', () => {
  it('takes the ts blocks below a comment, on their lines', () => {
    const { samples, problems } = read('# Title', '<!-- sample: one, prelude: two -->', '', '```ts', 'f();', '```');
    expect(samples).to.deep.equal([{ name: 'one', prelude: 'two', lines: new Map([[5, 'f();']]) }]);
    expect(problems).to.deep.equal([]);
  });

  it('joins the blocks of one name', () => {
    const { samples } = read(
      '<!-- sample: a -->',
      '```ts',
      'f();',
      '```',
      '<!-- sample: a -->',
      '```ts',
      'g();',
      '```',
    );
    expect(samples.map(({ lines }) => [...lines])).to.deep.equal([[[3, 'f();'], [7, 'g();']]]); // biome-ignore format: a table
  });

  it('takes the indentation of a list away', () => {
    const { samples } = read('- point', '  <!-- sample: a -->', '  ```ts', '  if (x) {', '    f();', '  }', '  ```');
    expect([...(samples[0]?.lines.values() ?? [])]).to.deep.equal(['if (x) {', '  f();', '}']);
  });

  it('passes other languages and quoted blocks over', () => {
    const quoted = ['````md', '```ts', 'no();', '```', '````'];
    expect(read('```bash', 'npm ci', '```', '```json', '{}', '```', ...quoted)).to.deep.equal({
      samples: [],
      problems: [],
    });
  });

  for (const [what, ...lines] of [
    ['a block without a comment', '```ts', 'f();', '```'],
    ['a block with text between it and its comment', '<!-- sample: a -->', 'Text.', '```ts', 'f();', '```'],
    ['a comment without a block', '<!-- sample: a -->'],
    ['a comment that it does not understand', '<!-- sample a -->', '', 'Text.'],
    ['a block in JavaScript', '```js', 'f();', '```'],
  ] as const) {
    it(`reports ${what}`, () => {
      expect(read(...lines).problems).not.to.be.empty;
    });
  }

  it('reports a second prelude for one sample', () => {
    const block = ['```ts', 'f();', '```'];
    expect(read('<!-- sample: a -->', ...block, '<!-- sample: a, prelude: b -->', ...block).problems).not.to.be.empty;
  });
});

describe('sampleModule', () => {
  it('keeps the lines of the document and exports what the sample declares', () => {
    const { source, extension } = sampleModule(
      sample('const app = f();', 'export class B {}', '  const inner = 1;'),
      undefined,
    );
    expect(source.split('\n').slice(2, 6)).to.deep.equal([
      'const app = f();',
      'export class B {}',
      '  const inner = 1;',
      'export { app };',
    ]);
    expect(extension).to.equal('.ts');
  });

  it('imports from the prelude what the sample uses and neither declares nor imports', () => {
    const prelude = "export { Get, Post } from 'x';\nexport const lm = 1;\nexport function f() {}\nconst hidden = 1;";
    const code = sample("import { Get } from 'y';", 'const f = [Get, lm, hidden];');
    const { source } = sampleModule({ ...code, prelude: 'p' }, prelude);
    expect(source.split('\n')[0]).to.equal("import './preludes/p.js'; import { lm } from './preludes/p.js';");
  });

  it('makes an ES module of a sample with top-level await', () => {
    expect(sampleModule(sample('const a = await f();'), undefined).extension).to.equal('.mts');
    expect(sampleModule(sample('const a = async () => await f();', '// await'), undefined).extension).to.equal('.ts');
  });
});
