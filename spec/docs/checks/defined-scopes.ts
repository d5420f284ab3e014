import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { claimsOf } from '../trying';

const check: Check = async ({ app, lm, scopes }) => {
  const client = supertest(app);
  const logIn = async (username: string, scope: string) => {
    const form = { grant_type: 'password', username, password: 'correct horse', scope };
    return (await client.post('/login').type('form').send(form)).body;
  };
  const reader = await logIn('bob@example.com', 'notes:read');
  expect(reader.scope).to.equal('notes:read');
  expect((await logIn('bob@example.com', 'notes:write')).error).to.equal('invalid_scope');

  const writer = bearer(lm.createAccessToken({ data: { sub: 'bob@example.com' }, scopes: ['notes:write'] }));
  expect((await client.get('/notes').set(writer)).body).to.deep.equal(['a note']);
  expect((await client.post('/notes').set(writer).send({ a: 1 })).body).to.deep.equal({ a: 1 });
  expect((await client.delete('/notes').set(writer)).status).to.equal(403);
  expect((await client.post('/notes').set(bearer(reader.access_token)).send({})).status).to.equal(403);

  const { access_token } = await logIn('ada@example.com', 'notes:write');
  expect(claimsOf(access_token).scopes).to.deep.equal(['notes:write']);
  expect((await client.delete('/notes').set(bearer(access_token))).status).to.equal(200); // an administrator
  expect(scopes.expand(['notes:admin'])).to.deep.equal(['notes:admin', 'notes:write', 'notes:read']);
};

export default check;
