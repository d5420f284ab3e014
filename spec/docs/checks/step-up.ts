import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const sent = async (data: object) => {
    const token = lm.createAccessToken({ data: { sub: 'bob@example.com', ...data }, scopes: ['pay'] });
    return client.post('/transfers').set(bearer(token));
  };
  expect((await sent({ acr: 'mfa' })).body).to.deep.equal({ sent: true });
  const { status, headers } = await sent({});
  expect(status).to.equal(401);
  expect(headers['www-authenticate']).to.contain('max_age="300", acr_values="mfa"');
};

export default check;
