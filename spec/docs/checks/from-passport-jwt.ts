import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized } from '../trying';

const check: Check = async ({ app, SECRET }) => {
  const client = supertest(app);
  const token = (payload: object, options: jwt.SignOptions = {}) =>
    bearer(jwt.sign(payload, SECRET, { issuer: 'https://login.example.com', expiresIn: '1h', ...options }));

  const ada = await client.get('/notes').set(token({ sub: 'ada@example.com' }));
  expect(ada.body).to.deep.equal(['a note of ada@example.com']);
  expectUnauthorized(await client.get('/notes'), 'token_missing');
  expectUnauthorized(await client.get('/notes').set(token({ sub: 'gone@example.com' })), 'user_unknown');
  expectUnauthorized(await client.get('/notes').set(token({ id: 'ada@example.com' })), 'token_invalid');
  const foreign = token({ sub: 'ada@example.com' }, { issuer: 'https://example.org' });
  expectUnauthorized(await client.get('/notes').set(foreign), 'token_invalid');
};

export default check;
