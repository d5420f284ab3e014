import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LoginManagerOptions } from '../../src/manager/options';
import { OPTION_NAMES, parseOptions, type Settings } from '../../src/manager/settings';

interface OptionRow {
  readonly name: string;
  /** The cell, with its backticks. */
  readonly defaultValue: string;
}

/** Reads the rows of the tables of options. */
function readOptionTables(page: string): OptionRow[] {
  return page.split('\n| option | default | |\n').slice(1).flatMap(readOptionRows);
}

function readOptionRows(section: string): OptionRow[] {
  const [table = ''] = section.split('\n\n');
  return [...table.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name = '', defaultValue = '']) => ({
    name,
    defaultValue,
  }));
}

const rows = readOptionTables(readFileSync(join(process.cwd(), 'docs/reference/options.md'), 'utf8'));

/** The value of a cell that is a literal. `clock` has a function, which is compared by name. */
const literals = rows.flatMap(({ name, defaultValue }) => {
  const code = /^`(['[{\d].*|true|false)`$/.exec(defaultValue)?.[1];
  return code === undefined ? [] : [{ name, value: new Function(`return (${code});`)() as unknown }];
});

const parse = (options: Record<string, unknown>): Settings<unknown> =>
  parseOptions(options as LoginManagerOptions<unknown>);

describe('tables of options in the reference', () => {
  it('has one row for each option of the manager', () => {
    expect(rows.map(({ name }) => name)).to.have.members([...OPTION_NAMES]);
  });

  it('has the algorithm of a manager with a secret; for a fetched issuer the default is its own', () => {
    expect(literals.find(({ name }) => name === 'algorithm')?.value).to.equal('HS256');
  });

  for (const { name, value } of literals.filter(({ name }) => name !== 'algorithm')) {
    it(`has the value of ${name} that applies if the option is omitted`, () => {
      // With cookies, so that the options of the cookie count.
      const others = name === 'useCookie' ? {} : { useCookie: true };
      expect(parse({ ...others, [name]: value })).to.deep.equal(parse(others));
    });
  }

  for (const { name } of rows.filter(({ defaultValue }) => defaultValue === 'none')) {
    it(`has none for ${name}, which has no default`, () => {
      expect(parse({ useCookie: true })).to.have.property(name, undefined);
    });
  }
});
