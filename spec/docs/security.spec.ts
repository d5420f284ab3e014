import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const page = readFileSync(join(process.cwd(), 'docs/security.md'), 'utf8');
const [, prevented = ''] = page.split('\n## What the library prevents\n');
const rows = (prevented.split('\n## ')[0] as string)
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:---|attack)/.test(line));

const specsIn = (text: string): string[] => [...text.matchAll(/`(spec\/[^`]+)`/g)].map(([, path = '']) => path);

describe('the threat model of the documentation', () => {
  it('has a table of what the library prevents', () => {
    expect(rows).to.have.length.above(30);
  });

  for (const row of rows) {
    const [attack = '', , shownBy = ''] = row.slice(2, -2).split(' | ');
    it(`names specs that exist for: ${attack.replaceAll(/\*\*|<[^>]*>/g, '')}`, () => {
      const specs = specsIn(shownBy);
      expect(specs).not.to.be.empty;
      for (const spec of specs) expect(existsSync(join(process.cwd(), spec)), spec).to.equal(true);
    });
  }

  it('names nothing else that is not there', () => {
    const missing = specsIn(page).filter((spec) => !existsSync(join(process.cwd(), spec)));
    expect(missing).to.deep.equal([]);
  });
});
