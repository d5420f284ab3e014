import { expect } from 'chai';
import type { Check } from '../check';

const check: Check = async ({ contract }) => {
  expect(contract).to.have.length.above(10);
  for (const { run } of contract) await run();
};

export default check;
