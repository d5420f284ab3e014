import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const ada = bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' } }));

  expect((await client.get('/health')).body).to.deep.equal({ ok: true });
  expectUnauthorized(await client.get('/notes'), 'token_missing');
  expect((await client.get('/notes').set(ada)).body).to.deep.equal(['a note of ada@example.com']);
  expectUnauthorized(await client.get('/reports/2030.html'), 'token_missing');
  expectScopeNeeded(await client.get('/reports/2030.html').set(ada), 'reports:read');

  expect(await lm.optional({ headers: {} }, undefined, { strict: true })).to.equal(null);
};

export default check;
