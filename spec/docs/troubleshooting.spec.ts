import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
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

/** The messages of configuration errors that are literals, as far as their values are known. */
const messages = unique(
  sources.flatMap(({ code }) => find(code, /new ConfigurationError\(\s*(['"`](?:[^'"`\\]|\\.)+)/g)),
);

const helpOf = (message: string) => new ConfigurationError(message).message.split('\nSee docs/troubleshooting.md#')[1];

describe('page about troubleshooting', () => {
  it('has an entry for each code of an error', () => {
    expect(codes).to.include.members(['token_missing', 'invalid_grant', 'configuration_error', 'not_found']);
    expect(anchors).to.include.members(codes);
  });

  it('has an entry for each code of a process warning', () => {
    expect(warnings).to.have.length(4);
    expect(anchors).to.include.members(warnings.map((code) => code.toLowerCase()));
  });

  it('has the section that each configuration error names', () => {
    expect(messages).to.have.length.greaterThan(100);
    expect(anchors).to.include.members(unique(messages.map((message) => helpOf(message) ?? '')));
  });
});
