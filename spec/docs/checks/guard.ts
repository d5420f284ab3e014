import { expect } from 'chai';
import supertest from 'supertest';
import { bearer, cookie, foreign } from '../../support/http';
import type { Check } from '../check';
import { expectForbidden, expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const login = (name: string, scopes: string[] = []) =>
    lm.createAccessToken({ data: { sub: `${name}@example.com` }, scopes });
  const query = { query: '{ me }' };

  // nothing of it is served to a stranger, whatever the path looks like
  for (const path of ['/reports/a.txt', '/docs', '/docs/swagger-ui.css', '/docs//swagger-ui.css', '/DOCS/index.html'])
    expectUnauthorized(await client.get(path), 'token_missing');
  expectUnauthorized(await client.post('/graphql').send(query), 'token_missing');

  expect((await client.get('/reports/none.txt').set(bearer(login('bob')))).status).to.equal(404);

  expectForbidden(await client.get('/docs/').set(bearer(login('bob'))), 'PolicyDeniedError', 'policy_denied');
  const page = await client.get('/docs/').set(bearer(login('ada')));
  expect([page.status, page.text.includes('Swagger UI')]).to.deep.equal([200, true]);

  expectScopeNeeded(
    await client
      .post('/graphql')
      .set(bearer(login('bob')))
      .send(query),
    'notes:read',
  );
  const reader = login('bob', ['notes:read']);
  for (const headers of [bearer(reader), cookie(reader)]) {
    const answer = await client.post('/graphql').set(headers).send(query);
    expect(answer.body).to.deep.equal({ data: { me: 'bob@example.com' } });
  }
  expectForbidden(
    await client
      .post('/graphql')
      .set({ ...cookie(reader), ...foreign })
      .send(query),
    'CrossOriginError',
    'cross_origin',
  );
  expect(() => lm.guard(undefined)).to.throw('circular import');
};

export default check;
