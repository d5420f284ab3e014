import { rejects } from 'node:assert/strict';
import { expect } from 'chai';
import { InvalidGrantError } from 'routing-controllers-login';
import type { Check } from '../check';
import { later } from '../trying';

const check: Check = async ({ lm, resetToken, reset }) => {
  const token = resetToken('ada@example.com', 'hash 1');
  await rejects(reset(token, 'hash 2'), InvalidGrantError);
  await rejects(lm.getCurrentUser(token));
  expect(await reset(token, 'hash 1')).to.equal('ada@example.com');
  await rejects(reset(token, 'hash 1'), InvalidGrantError);
  await later(3601, async () => rejects(reset(resetToken('ada@example.com', 'hash 1').slice(0, -1), 'hash 1')));
};

export default check;
