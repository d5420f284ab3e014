import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { markdownFiles, root } from './markdown-files';
import { type MarkdownLink, readAnchors, readLinks } from './markdown-links';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const isExternal = (target: string) => /^(?:https?|mailto):/.test(target);

/** The file that a link of a document names; of the site's pages `/page` and `/page.html` are `docs/page.md`. */
function fileOf(document: string, path: string): string {
  if (path === '') return document;
  const file = path.startsWith('/') ? join('docs', path) : relative('.', join(dirname(document), path));
  const isFolder = existsSync(join(root, file)) && statSync(join(root, file)).isDirectory();
  if (isFolder && file.startsWith('docs/')) return join(file, 'index.md');
  return existsSync(join(root, file)) ? file : `${file.replace(/\.html$/, '')}.md`;
}

function problemOf(document: string, { line, target }: MarkdownLink): string | undefined {
  const [path = '', anchor] = decodeURI(target).split('#');
  const file = fileOf(document, path);
  if (file.startsWith('docs/reference/api/')) return undefined; // generated; the site's build checks those
  if (!existsSync(join(root, file))) return `line ${line}: ${target} does not exist`;
  if (anchor === undefined || !file.endsWith('.md') || readAnchors(read(file)).includes(anchor)) return undefined;
  return `line ${line}: ${file} has no anchor #${anchor}`;
}

describe('links of the documentation', () => {
  for (const document of markdownFiles()) {
    it(`${document}: each relative link leads to a file, and to an anchor of it`, () => {
      const links = readLinks(read(document)).filter(({ target }) => !isExternal(target));
      expect(links.map((link) => problemOf(document, link)).filter(Boolean)).to.deep.equal([]);
    });
  }

  it('of the README work wherever it is shown, on npm too', () => {
    const relativeLinks = readLinks(read('README.md')).filter(({ target }) => !/^(?:https:|#)/.test(target));
    expect(relativeLinks).to.deep.equal([]);
  });

  it('of the sidebar name every page', () => {
    const named = [...read('docs/.vitepress/sidebar.ts').matchAll(/^\s+'?([\w/-]+)'?: '/gm)].map((match) => match[1]);
    const pages = markdownFiles().filter((path) => path.startsWith('docs/') && path !== 'docs/index.md');
    expect(named).to.include.members(pages.map((path) => path.replace(/^docs\/(.*)\.md$/, '$1')));
  });
});
