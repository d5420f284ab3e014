import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded } from '../trying';

const check: Check = async ({ app, lm, MemberDatabase }) => {
  const client = supertest(app);
  const db = new MemberDatabase();
  const login = (name: string, scopes?: string[]) =>
    bearer(lm.createAccessToken({ data: { sub: `${name}@example.com` }, scopes }));

  // the database decides, whatever the token says
  expect((await client.delete('/notes/1').set(login('ada'))).status).to.equal(200);
  expectScopeNeeded(await client.delete('/notes/1').set(login('bob', ['notes:write'])), 'notes:write');

  // a demotion counts with the next request of the same token
  const ada = login('ada', ['notes:write']);
  await db.members.update('ada@example.com', { roles: ['reader'] });
  expectScopeNeeded(await client.delete('/notes/1').set(ada), 'notes:write');
  expect((await client.get('/notes').set(ada)).status).to.equal(200);
  await db.members.update('ada@example.com', { roles: [] });
  expectScopeNeeded(await client.get('/notes').set(ada), 'notes:read');

  // hasScopes is about the token
  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes: ['notes:write'] });
  expect(await lm.hasScopes(token, 'notes:write')).to.equal(true);

  // nothing but an array of strings
  await db.members.update('ada@example.com', { roles: null });
  expect((await client.get('/notes').set(ada)).status).to.equal(500);
};

export default check;
