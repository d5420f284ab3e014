import { expect } from 'chai';
import request from 'supertest';
import type { Check } from '../check';

const check: Check = async ({ app, lm, keys, createKey }) => {
  const key: string = createKey('ada@example.com', ['notes:read']);
  const get = (headers: Record<string, string>) => request(app).get('/notes').set(headers);

  const { status, body } = await get({ 'X-API-Key': key });
  expect([status, body]).to.deep.equal([200, ['a note of ada@example.com']]);
  expect([...keys.keys()].join()).not.to.include(key);

  const refusal = await get({ 'X-API-Key': `${key}x` });
  expect([refusal.status, refusal.body.code]).to.deep.equal([401, 'credential_invalid']);
  expect((await get({ 'X-API-Key': createKey('ada@example.com', []) })).body.code).to.equal('insufficient_scope');
  expect((await get({ 'X-API-Key': createKey('gone@example.com', ['notes:read']) })).status).to.equal(401);
  expect((await get({})).body.code).to.equal('token_missing');

  const token = lm.createAccessToken({ data: { sub: 'bob@example.com' }, scopes: ['notes:read'] });
  const answer = await get({ 'X-API-Key': key, Authorization: `Bearer ${token}` });
  expect(answer.body).to.deep.equal(['a note of bob@example.com']);
};

export default check;
