import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm, log, runNightly, Database }) => {
  const token = lm.createAccessToken({ data: { sub: 'bob@example.com' } });
  const { body } = await supertest(app).get('/reports/send').set(bearer(token));
  expect(body).to.deep.equal({ sent: true });
  await runNightly(new Database().accounts.find('ada@example.com'));
  expect(log).to.deep.equal(['bob@example.com has sent a report', 'ada@example.com has sent a report']);
  expect(() => lm.current()).to.throw('outside a request');
};

export default check;
