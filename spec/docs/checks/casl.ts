import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const call = async (method: 'get' | 'delete', id: number, name: string) => {
    const headers = bearer(lm.createAccessToken({ data: { sub: `${name}@example.com` } }));
    return (await client[method](`/notes/${id}`).set(headers)).status;
  };
  expect(await call('get', 1, 'bob')).to.equal(200); // shared
  expect(await call('delete', 1, 'bob')).to.equal(403);
  expect(await call('delete', 2, 'bob')).to.equal(200); // his own
  expect(await call('get', 2, 'ada')).to.equal(200); // an administrator
  expect(await call('delete', 2, 'ada')).to.equal(403);
  expect(await call('get', 3, 'ada')).to.equal(404);
  expect(
    (await client.get('/notes/2').set(bearer(lm.createAccessToken({ data: { sub: 'bob@example.com' } })))).body,
  ).to.deep.equal({ id: 2, owner: 2, shared: false });
};

export default check;
