import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from './markdown-files';
import { readAnchors } from './markdown-links';

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, code: readFileSync(join(root, 'src', path), 'utf8') }));

const anchors = readAnchors(readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8'));

const unique = (values: string[]) => [...new Set(values)].sort();
const find = (code: string, pattern: RegExp) => [...code.matchAll(pattern)].map((match) => match[1] ?? '');

/** The codes that the classes of errors give themselves. */
const codes = unique(
  sources
    .filter(({ path }) => /errors\/|subject\.ts$/.test(path))
    .flatMap(({ code }) => find(code, /(?:\bcode(?::| =) |super\(|^ {2}\| )'([a-z]+_[a-z_]+)'/gm)),
);

const warnings = unique(sources.flatMap(({ code }) => find(code, /\b(LOGIN_[A-Z_]+)\b/g)));

/** The sections that a configuration error can name, as its type lists them. */
const sections = unique(
  sources
    .filter(({ path }) => /errors\/configuration-error\.ts$/.test(path))
    .flatMap(({ code }) => find(code, /^ {2}\| '([a-z-]+)'/gm)),
);

/** The sections that errors name where they are thrown; all others name the default. */
const named = unique(sources.flatMap(({ code }) => find(code, /\bsection: '([a-z-]+)'/g)));

describe('page about troubleshooting', () => {
  it('has an entry for each code of an error', () => {
    expect(codes).to.include.members(['token_missing', 'invalid_grant', 'configuration_error', 'not_found']);
    expect(anchors).to.include.members(codes);
  });

  it('has an entry for each code of a process warning', () => {
    expect(warnings).to.have.length(4);
    expect(anchors).to.include.members(warnings.map((code) => code.toLowerCase()));
  });

  it('has each section that a configuration error can name', () => {
    expect(sections).to.have.length(12);
    expect(anchors).to.include.members(sections);
  });

  it('has no section that no configuration error names', () => {
    expect(unique([...named, 'invalid-options'])).to.deep.equal(sections);
  });
});
