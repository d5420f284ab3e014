import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const as = (email: string) => bearer(lm.createAccessToken({ data: { sub: email } }));

  expectUnauthorized(await client.get('/notes'), 'token_missing');
  expectScopeNeeded(await client.get('/notes').set(as('bob@example.com')), 'admin');
  const { body } = await client.get('/notes').set(as('ada@example.com'));
  expect(body).to.deep.equal(['a note of ada@example.com']);
};

export default check;
