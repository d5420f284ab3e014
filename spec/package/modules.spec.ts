import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
// Brings tslib, which makes global functions: before mocha looks for such.
import 'routing-controllers-openapi';

const modules = resolve(__dirname, '../../src');

describe('the modules of src', () => {
  // Besides, this is what makes the coverage true: a module that no spec loads, one of types alone for instance, would
  // have all its lines counted and not its functions.
  it('load', async () => {
    const entries = readdirSync(modules, { recursive: true, withFileTypes: true });
    const files = entries.filter(({ name }) => name.endsWith('.js')).map((entry) => join(entry.parentPath, entry.name));
    expect(files).not.to.be.empty;
    await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  });
});
