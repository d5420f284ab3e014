import { expect } from 'chai';
import express from 'express';
import { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { printedBy } from '../trying';

const check: Check = async ({ SECRET }) => {
  const lm = new LoginManager(SECRET, '/login');
  lm.userLoader()((sub: string) => sub);
  const app = express().use('/notes', lm.guard());

  const client = supertest(app);
  const token = new LoginManager(`another ${SECRET}`, '/login').createAccessToken({ data: { sub: 'ada' } });
  const printed = await printedBy(async () => {
    expect((await client.get('/notes').set(bearer(token))).status).to.equal(401);
  });
  expect(printed).to.match(/GET \S+ token_invalid signature/);
};

export default check;
