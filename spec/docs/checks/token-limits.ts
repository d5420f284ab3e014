import { expect } from 'chai';
import express from 'express';
import supertest from 'supertest';
import type { Check } from '../check';

const check: Check = async ({ lm, endpoints }) => {
  const app = lm.useExpressServer(express(), { routePrefix: '/api', controllers: [endpoints] });
  const login = (password: string) =>
    supertest(app).post('/api/token').type('form').send({ username: 'ada@example.com', password });

  // right logins are unlimited, and refreshed with the scopes of the user
  for (let time = 0; time < 12; time++) expect((await login('correct horse')).status).to.equal(200);
  const { refresh_token } = (await login('correct horse')).body;
  const refreshed = await supertest(app).post('/api/token').send({ grant_type: 'refresh_token', refresh_token });
  expect(refreshed.body.scope).to.equal('notes:read notes:write');

  // failed ones are not
  for (let time = 0; time < 10; time++) expect((await login('wrong')).status).to.equal(400);
  const refused = await login('correct horse');
  expect([refused.status, refused.body.code]).to.deep.equal([429, 'too_many_attempts']);
  expect(Number(refused.get('Retry-After'))).to.be.within(1, 900);
};

export default check;
