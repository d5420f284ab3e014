import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const bob = (...scopes: string[]) => bearer(lm.createAccessToken({ data: { sub: 'bob@example.com' }, scopes }));

  expect((await client.get('/notes/2').set(bob())).body).to.include({ text: "Bob's" });
  expect((await client.get('/notes/1').set(bob('notes:admin'))).body).to.include({ text: "Ada's" });
  const [refused, missing] = [await client.get('/notes/1').set(bob()), await client.get('/notes/3').set(bob())];
  expect([refused.status, refused.body]).to.deep.equal([404, missing.body]);

  const change = (id: number) => client.put(`/notes/${id}`).set(bob('notes:write')).send({ text: 'new' });
  expect((await change(2)).body).to.deep.equal({ id: 2, owner: 2, text: 'new' });
  expect((await change(1)).status).to.equal(404);
  expect((await client.put('/notes/2').set(bob()).send({ text: 'new' })).status).to.equal(403);
};

export default check;
