import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app }) => {
  const client = supertest(app);
  const login = async (username: string, password: string) => {
    const { body } = await client.post('/login').type('form').send({ username, password });
    return bearer(body.access_token);
  };

  expectUnauthorized(await client.get('/notes'), 'token_missing');
  const ada = await login('ada@example.com', 'correct horse');
  expect((await client.get('/notes').set(ada)).body).to.deep.equal([{ owner: 'ada@example.com', text: 'Buy milk' }]);
  expect((await client.post('/notes').set(ada).send({ text: 'Call Bob' })).status).to.equal(201);
  expect((await client.post('/notes').set(ada).send({ text: '' })).status).to.equal(400);
  expect((await client.get('/notes').set(ada)).body).to.have.length(2);

  const bob = await login('bob@example.com', 'battery staple');
  expect((await client.get('/notes').set(bob)).body).to.deep.equal([]);
  expectScopeNeeded(await client.post('/notes').set(bob).send({ text: 'Mine' }), 'notes:write');

  const { status, body } = await client
    .post('/login')
    .send({ username: 'nobody@example.com', password: 'correct horse' });
  expect(status).to.equal(400);
  expect(body).to.deep.equal({ error: 'invalid_grant', error_description: 'Wrong username or password' });
};

export default check;
