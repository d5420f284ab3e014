import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const get = (path: string, ...scopes: string[]) =>
    client.get(path).set(bearer(lm.createAccessToken({ data: { sub: 'bob@example.com' }, scopes })));

  const { body: visible } = await get('/notes');
  expect(visible).to.have.length(1);
  const [mine] = visible;
  const other = mine.id === 1 ? 2 : 1;
  expect((await get('/notes', 'notes:admin')).body).to.have.length(2);

  expect((await get(`/notes/${mine.id}`)).status).to.equal(mine.closed ? 403 : 200);
  expect((await get(`/notes/${other}`)).status).to.equal(403);
  expect((await get('/notes/3')).body).to.include({ code: 'not_found' });
};

export default check;
