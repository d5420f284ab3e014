import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { countCalls, expectScopeNeeded, expectUnauthorized, printedBy } from '../trying';

const check: Check = async ({ app, lm, Accounts }) => {
  const client = supertest(app.callback());
  const token = (...scopes: string[]) => lm.createAccessToken({ data: { sub: 'bob@example.com' }, scopes });

  const printed = await printedBy(async () => {
    expectUnauthorized(await client.get('/notes'), 'token_missing');
    expectUnauthorized(await client.get('/notes').set(bearer('a.b.c')), 'token_invalid');
    expectScopeNeeded(await client.get('/notes').set(bearer(token('notes:write'))), 'notes:read');
  });
  expect(printed).to.equal('');

  const loads = countCalls(Accounts, 'find');
  const notes = await client.get('/notes').set(bearer(token('notes:read')));
  expect(notes.status).to.equal(200);
  expect(notes.body).to.deep.equal(['a note of bob@example.com']);
  expect(loads.count, 'calls of the loader').to.equal(1);
};

export default check;
