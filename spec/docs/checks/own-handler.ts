import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const login = (...scopes: string[]) => bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes }));
  expect((await client.get('/export.csv')).status).to.equal(401);
  expect((await client.get('/export.csv').set(login())).status).to.equal(403);
  const file = await client.get('/export.csv').set(login('notes:read'));
  expect([file.status, file.text]).to.deep.equal([200, 'a note of ada@example.com']);
};

export default check;
