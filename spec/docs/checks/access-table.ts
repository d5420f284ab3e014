import { AssertionError } from 'node:assert/strict';
import { expect } from 'chai';
import { Authorized, Get, JsonController } from 'routing-controllers';
import type { Check } from '../check';

@JsonController('/forgotten')
class Forgotten {
  @Get()
  list() {
    return {};
  }

  @Authorized('notes:write')
  @Get('/guarded')
  guarded() {
    return {};
  }
}

const check: Check = async ({ options, routesAreAsExpected, accessIsAsExpected }) => {
  routesAreAsExpected();
  await accessIsAsExpected();

  // a further route does not pass unseen
  options.controllers.push(Forgotten);
  expect(() => routesAreAsExpected()).to.throw(AssertionError, '/api/forgotten');
  let difference: unknown;
  await accessIsAsExpected().catch((error: unknown) => {
    difference = error;
  });
  expect(difference).to.be.instanceOf(AssertionError);
};

export default check;
