import { expect } from 'chai';
import request from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, lm, Notes, protectedOptions }) => {
  const token = (...scopes: string[]) => bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes }));

  expectUnauthorized(await request(app).get('/notes'), 'token_missing');
  expectScopeNeeded(await request(app).get('/notes').set(token()), 'notes:read');
  expect((await request(app).get('/notes').set(token('notes:read'))).status).to.equal(200);
  expect(protectedOptions.controllers).to.deep.equal([Notes]);
  expect(protectedOptions.authorizationChecker).to.equal(lm.checker);
  expect(protectedOptions.currentUserChecker).to.equal(lm.currentUserChecker);
};

export default check;
