import { expect } from 'chai';
import type { Check } from '../check';

const check: Check = async ({ hashPassword, isRight }) => {
  const passwordHash = await hashPassword('correct horse');
  expect(passwordHash).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hashPassword('correct horse')).not.to.equal(passwordHash);
  expect(await isRight(passwordHash, 'correct horse')).to.equal(true);
  expect(await isRight(passwordHash, 'Correct horse')).to.equal(false);
  expect(await isRight(undefined, 'nobody')).to.equal(false);
};

export default check;
