import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

/** Both Expresses with two error handlers and four middlewares, Koa with two: five refusals each, in JSON and text. */
const CASES = (2 * 2 * 4 + 2) * 5 * 2;

describe('a refusal shows no stack, writes nothing and keeps its connection', function () {
  this.timeout(30_000);

  for (const NODE_ENV of ['development', 'test', 'production', undefined]) {
    it(`where NODE_ENV is ${NODE_ENV ?? 'not set'}`, async () => {
      const { NODE_ENV: _, ...env } = process.env;
      const fixture = join(__dirname, 'node-env.fixture.js');
      const run = promisify(execFile)(process.execPath, [fixture], { env: { ...env, ...(NODE_ENV && { NODE_ENV }) } });
      const { stdout, stderr } = await run;
      expect(JSON.parse(stdout)).to.deep.equal({ cases: CASES, faulty: [] });
      expect(stderr).to.equal('');
    });
  }
});
