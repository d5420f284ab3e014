import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const get = (path: string, name: string) =>
    client.get(path).set(bearer(lm.createAccessToken({ data: { sub: `${name}@example.com` } })));

  expect((await get('/teams', 'ada')).body).to.deep.equal([{ team: 'blue', role: 'owner' }]);
  const statuses = async (name: string) =>
    Promise.all(
      ['blue', 'blue/invoices', 'red', 'red/invoices', 'green'].map(
        async (path) => (await get(`/teams/${path}`, name)).status,
      ),
    );
  expect(await statuses('ada')).to.deep.equal([200, 200, 403, 403, 403]);
  expect(await statuses('bob')).to.deep.equal([200, 403, 200, 200, 403]);
};

export default check;
