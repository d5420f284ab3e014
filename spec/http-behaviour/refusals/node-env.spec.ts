import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

/**
 * Both Expresses with two error handlers and four middlewares, Koa with two: six refusals each, of two prefixes on
 * routing-controllers' own servers and three on the manager's.
 */
const CASES = (2 * 2 * 4 + 2) * 6 * (2 + 3);

describe('a refusal in any environment', function () {
  this.timeout(30_000);

  for (const NODE_ENV of ['development', 'test', 'production', undefined]) {
    it(`shows no stack, writes nothing and keeps its connection where NODE_ENV is ${NODE_ENV ?? 'not set'}`, async () => {
      const { NODE_ENV: _, ...env } = process.env;
      const fixture = join(__dirname, 'node-env.fixture.js');
      const run = promisify(execFile)(process.execPath, [fixture], { env: { ...env, ...(NODE_ENV && { NODE_ENV }) } });
      const { stdout, stderr } = await run;
      expect(JSON.parse(stdout)).to.deep.equal({ cases: CASES, faulty: [] });
      expect(stderr).to.equal('');
    });
  }
});
