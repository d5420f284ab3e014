import { expect } from 'chai';
import { readAnchors, readLinks } from './markdown-links';

describe('readLinks', () => {
  it('finds links, pictures, references, attributes and the buttons in front matter', () => {
    const markdown = ['link: /a', '[b](b.md) and ![c](c.svg "title")', '[d]: d.md', '<img src="e.png">'].join('\n');
    expect(readLinks(markdown).map(({ line, target }) => [line, target])).to.deep.equal([
      [1, '/a'],
      [2, 'b.md'],
      [2, 'c.svg'],
      [3, 'd.md'],
      [4, 'e.png'], // biome-ignore format: a table
    ]);
  });

  it('finds a link whose text is code', () => {
    expect(readLinks('[`lm.guard`](guard.md#use)')).to.deep.equal([{ line: 1, target: 'guard.md#use' }]);
  });

  it('reads no code', () => {
    expect(readLinks('```ts\nconst a = b[c](d);\n```\nand `[a](b)`')).to.deep.equal([]);
  });
});

describe('readAnchors', () => {
  it('makes the anchors of headings as GitHub does', () => {
    const headings = ['# What it costs', '## `token_missing` (401)', '### A [link](b.md), and more'];
    expect(readAnchors(headings.join('\n'))).to.deep.equal(['what-it-costs', 'token_missing-401', 'a-link-and-more']);
  });

  it('counts headings of the same text', () => {
    expect(readAnchors('# Use\n## Use\n## Use')).to.deep.equal(['use', 'use-1', 'use-2']);
  });

  it('knows explicit anchors', () => {
    expect(readAnchors('<a id="keys"></a>\n\n## Secrets and keys')).to.deep.equal(['keys', 'secrets-and-keys']);
  });
});
