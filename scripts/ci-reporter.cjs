// mocha's own `spec` reporter, which besides leaves what it counted in the file that MOCHA_COUNTS names.

const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CiReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    if (!file) throw new Error('MOCHA_COUNTS must name the file for the counts');
    // At the exit, and not at the runner's end, which a run that breaks off never reaches.
    process.once('exit', () => {
      const { passes = 0, failures = 0 } = this.stats;
      writeFileSync(file, `${passes} passed, ${failures} failed\n`);
    });
  }
};
