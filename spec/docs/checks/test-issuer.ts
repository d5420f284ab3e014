import { expect } from 'chai';
import type { Check } from '../check';

const check: Check = async ({ listNotesWithItsToken }) => {
  const { status, body } = await listNotesWithItsToken();
  expect([status, body]).to.deep.equal([200, ['a note of ada@example.com']]);
};

export default check;
