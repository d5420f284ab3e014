import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized } from '../trying';

const check: Check = async ({ app, apps }) => {
  const client = supertest(app);
  for (const Origin of apps) {
    const preflight = await client
      .options('/me')
      .set({ Origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' });
    expect(preflight.headers['access-control-allow-origin']).to.equal(Origin);
    expect(preflight.headers['access-control-allow-headers']).to.equal('authorization');
    const page = { Origin, 'Sec-Fetch-Site': 'cross-site' };
    const fields = { grant_type: 'password', username: 'ada@example.com', password: 'correct horse' };
    const { body } = await client.post('/token').type('form').send(fields).set(page);
    const me = await client.get('/me').set(bearer(body.access_token)).set(page);
    expect([me.body, me.headers['access-control-allow-origin']]).to.deep.equal([{ email: 'ada@example.com' }, Origin]);
    const { refresh_token } = body;
    const next = await client
      .post('/token')
      .type('form')
      .send({ grant_type: 'refresh_token', refresh_token })
      .set(page);
    expect(next.status).to.equal(200);
    expectUnauthorized(await client.get('/me').set(page), 'token_missing');
  }
  const other = await client.get('/me').set({ Origin: 'capacitor://elsewhere' });
  expect(other.headers['access-control-allow-origin']).to.equal(undefined);
};

export default check;
