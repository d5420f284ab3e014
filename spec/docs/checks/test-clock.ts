import { expect } from 'chai';
import type { Check } from '../check';

const check: Check = async ({ isValidAfter }) => {
  expect(await isValidAfter(14 * 60_000)).to.equal(true);
  expect(await isValidAfter(15 * 60_000)).to.equal(false);
};

export default check;
