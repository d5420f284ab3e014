// Makes a release out of what CHANGELOG.md says under "Unreleased", or under its version: gives the section its version and
// date, sets the version of the package, commits and tags. Pushing the tag publishes it (.github/workflows/release.yml).
//
//   npm run release -- 1.0.0
//   node scripts/release.mjs --verify v1.0.0    prints what changed; fails unless the tag fits the package
//
// A script of one page is enough for one package with a changelog that is written by hand: Changesets would bring a hundred
// packages, a folder of files to be merged, and release notes that are a list of commits.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const HEADING = /^## (.*)$/gm;

const [first, second] = process.argv.slice(2);
if (first === '--verify') process.stdout.write(verify(second));
else release(first);

function release(version) {
  if (!VERSION.test(version ?? '')) throw new Error('name the version: npm run release -- 1.0.0');
  if (run('git', 'status', '--porcelain') !== '')
    throw new Error('there are changes that are not committed; commit or drop them');
  writeFileSync('CHANGELOG.md', dated(readFileSync('CHANGELOG.md', 'utf8'), version));
  if (JSON.parse(readFileSync('package.json', 'utf8')).version !== version)
    run('npm', 'version', version, '--no-git-tag-version');
  run('git', 'add', 'CHANGELOG.md', 'package.json', 'package-lock.json');
  run('git', 'commit', '--message', `Release ${version}`);
  run('git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
  console.log(`v${version} is committed and tagged; publish it with: git push --follow-tags`);
}

/** A section that is named after the version, and has no date, is what the release says; or else what is unreleased. */
function dated(changelog, version) {
  const own = headingOf(changelog, version)?.[1];
  if (own !== undefined && own !== version)
    throw new Error(`CHANGELOG.md has a section ${version} already; choose another version`);
  const title = own ?? 'Unreleased';
  if (sectionOf(changelog, title).trim() === '')
    throw new Error(`CHANGELOG.md has nothing under "${title}"; write down what changes for users`);
  const date = new Date().toISOString().slice(0, 10);
  const before = own === undefined ? '## Unreleased\n\n' : '';
  return changelog.replace(`## ${title}\n`, `${before}## ${version} - ${date}\n`);
}

function verify(tag) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  if (tag !== `v${version}`)
    throw new Error(`the tag is ${tag}, and the version of the package is ${version}; tag the commit of the release`);
  const section = sectionOf(readFileSync('CHANGELOG.md', 'utf8'), version).trim();
  if (section === '') throw new Error(`CHANGELOG.md has no section ${version}; make the release with npm run release`);
  return `${section}\n`;
}

/** What stands below a heading, up to the next one. */
function sectionOf(changelog, version) {
  const heading = headingOf(changelog, version);
  if (heading === undefined) return '';
  const start = heading.index + heading[0].length;
  const next = [...changelog.matchAll(HEADING)].find(({ index }) => index > heading.index);
  return changelog.slice(start, next?.index);
}

function headingOf(changelog, version) {
  return [...changelog.matchAll(HEADING)].find(([, text]) => text === version || text.startsWith(`${version} - `));
}

function run(command, ...options) {
  return execFileSync(command, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
