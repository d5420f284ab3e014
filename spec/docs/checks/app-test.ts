import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Check } from '../check';

/** The tests of the sample, as the command of the page runs them. */
const check: Check = async () => {
  const file = join(process.cwd(), 'app-test.js');
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file]);
  expect(stdout)
    .to.match(/^# pass 4$/m)
    .and.to.match(/^# fail 0$/m);
};

export default check;
