import { expect } from 'chai';
import supertest from 'supertest';
import { bearer, foreign } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const page = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const check: Check = async ({ app, lm }) => {
  // visitors are sent to the form and back
  const browser = supertest.agent(app);
  const visit = await browser.get('/').set(page);
  expect([visit.status, visit.headers.location]).to.deep.equal([303, '/login?next=%2F']);
  const form = { email: 'ada@example.com', password: 'correct horse', next: '/?day=1' };
  const wrong = await browser
    .post('/login')
    .type('form')
    .send({ ...form, password: 'wrong' });
  expect([wrong.status, wrong.headers['set-cookie']]).to.deep.equal([303, undefined]);
  const login = await browser.post('/login').type('form').send(form).set(page);
  expect([login.status, login.headers.location]).to.deep.equal([303, '/?day=1']);
  expect((await browser.get('/').set(page)).text).to.contain('Notes of ada@example.com');

  // scripts and programs get 401
  for (const Accept of ['*/*', 'application/json']) {
    expectUnauthorized(await supertest(app).get('/api/notes').set({ Accept }), 'token_missing');
  }
  const fields = { grant_type: 'password', username: 'ada@example.com', password: 'correct horse' };
  const { body } = await supertest(app).post('/token').type('form').send(fields);
  const notes = ['a note of ada@example.com'];
  expect((await supertest(app).get('/api/notes').set(bearer(body.access_token))).body).to.deep.equal(notes);

  // pages call the API with the cookie, but a bad header counts
  expect((await browser.get('/api/notes')).body).to.deep.equal(notes);
  expectUnauthorized(await browser.get('/api/notes').set(bearer('a.b.c')), 'token_invalid');
  const without = bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' } }));
  expectScopeNeeded(await supertest(app).get('/api/notes').set(without), 'notes:read');
  const forged = await browser.post('/login').type('form').send(form).set(foreign);
  expect([forged.status, forged.headers['set-cookie']]).to.deep.equal([403, undefined]);
};

export default check;
