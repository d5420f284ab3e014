import { expect } from 'chai';
import supertest from 'supertest';
import type { Check } from '../check';
import { expectUnauthorized, later } from '../trying';

const fields = { username: 'ada@example.com', password: 'correct horse' };

const check: Check = async ({ app, lm }) => {
  const browser = async () => {
    const agent = supertest.agent(app);
    expect((await agent.post('/login').type('form').send(fields)).status).to.equal(200);
    return agent;
  };
  const [one, other] = [await browser(), await browser()];
  const { body: devices } = await one.get('/devices');
  expect(devices).to.have.length(2);
  expect(devices[0]).to.have.all.keys('id', 'loginAt', 'lastUsedAt', 'expiresAt', 'address');

  // in the second half of its life a cookie is renewed, and before that it is not
  expect((await one.get('/devices')).get('Set-Cookie')).to.equal(undefined);
  await later(16 * 60, async () => {
    const renewed = await one.get('/devices');
    expect(renewed.get('Set-Cookie')?.[0]).to.match(/^access-token=[^;]+; Max-Age=1800;/);
  });

  // an end of another browser's session, and of nobody else's
  const { id } = (await lm.sessions('ada@example.com'))[0] as { id: string };
  expect((await one.post('/devices/end').send({ id: 'made up' })).status).to.equal(403);
  const ended = await one.post('/devices/end').send({ id });
  expect(ended.status).to.be.oneOf([200, 401]);
  const statuses = [(await one.get('/devices')).status, (await other.get('/devices')).status];
  expect(statuses.sort()).to.deep.equal([200, 401]);

  const third = await browser();
  expect((await third.post('/logout')).status).to.equal(200);
  expectUnauthorized(await third.get('/devices'), 'token_missing');
  await lm.revokeAll('ada@example.com');
  expect(await lm.sessions('ada@example.com')).to.deep.equal([]);
};

export default check;
