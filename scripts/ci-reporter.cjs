// mocha's own `spec` reporter, which besides adds what it counted to the file that MOCHA_COUNTS names.

const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CiReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    if (!file) throw new Error('MOCHA_COUNTS must name the file for the counts');
    // At the exit, and not at the runner's end, which a run that breaks off never reaches.
    process.once('exit', () => {
      const { passes = 0, failures = 0 } = this.stats;
      const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const [passed = 0, failed = 0] = [...before.matchAll(/\d+/g)].map(Number);
      writeFileSync(file, `${passed + passes} passed, ${failed + failures} failed\n`);
    });
  }
};
