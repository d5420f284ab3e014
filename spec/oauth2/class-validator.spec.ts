import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';

/** What the fixture says of a server with this class-validator. */
function serverWith(validator: string) {
  const fixture = path.resolve(__dirname, 'class-validator.fixture.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [fixture, validator], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('the password form beside class-validator', () => {
  for (const [validator, version] of [
    ['class-validator', '0.14'],
    ['class-validator-15', '0.15'],
  ] as const) {
    it(`is read and refused as ever with version ${version}, and adds no schema to those of the application`, () => {
      expect(serverWith(validator)).to.deep.equal({
        version,
        login: { username: 'ada', isForm: true },
        refused: { error: 'invalid_request', error_description: 'Missing or malformed: password' },
        statuses: [200, 400, 200, 400],
        schemas: ['Note'],
      });
    }).timeout(30_000);
  }
});
