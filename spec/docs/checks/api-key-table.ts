import { expect } from 'chai';
import request from 'supertest';
import type { Check } from '../check';

const check: Check = async ({ app, rows, createKey }) => {
  const owner = { id: 7 };
  const expires = new Date(Date.now() + 60_000);
  const get = (key: string) => request(app).get('/notes').set('X-API-Key', key);

  const key: string = createKey({ owner, scopes: ['notes:read'], expires });
  const { status, body } = await get(key);
  expect([status, body]).to.deep.equal([200, ['a note of 7']]);
  expect([...rows.keys()].join()).not.to.include(key);

  const codeOf = async (value: string) => (await get(value)).body.code;
  expect(await codeOf(createKey({ owner, scopes: [], expires }))).to.equal('insufficient_scope');
  expect(await codeOf(createKey({ owner, scopes: ['notes:read'], expires: new Date(0) }))).to.equal(
    'credential_invalid',
  );
  rows.clear();
  expect(await codeOf(key)).to.equal('credential_invalid');
};

export default check;
