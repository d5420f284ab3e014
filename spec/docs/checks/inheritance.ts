import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import express from 'express';
import { useExpressServer } from 'routing-controllers';
import request from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, lm, table, Books }) => {
  const token = (...scopes: string[]) => bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes }));

  expect((await request(app).get('/books/opening-hours')).body).to.deep.equal({ from: 9, to: 17 });
  expectUnauthorized(await request(app).get('/books'), 'token_missing');
  expectScopeNeeded(await request(app).post('/books').set(token()).send({ title: 'Emma' }), 'write');
  const created = await request(app).post('/books').set(token('write')).send({ title: 'Emma' });
  expect([created.status, created.body]).to.deep.equal([201, { index: 0 }]);
  expect((await request(app).delete('/books/0').set(token('librarian'))).status).to.equal(403);
  expect((await request(app).delete('/books/0').set(token('write'))).status).to.equal(403);
  const removed = await request(app).delete('/books/0').set(token('librarian', 'write'));
  expect(removed.body).to.deep.equal([{ title: 'Emma' }]);

  expect(tableOfPage()).to.equal(table);

  // what the page says of routing-controllers by itself
  const alone = express();
  useExpressServer(alone, { controllers: [Books], authorizationChecker: (_action, roles) => roles.length === 0 });
  expect((await request(alone).get('/books')).status).to.equal(200);
  const open = await request(alone).post('/books').send({ title: 'Emma' });
  expect([open.status, open.body]).to.deep.equal([200, { index: 0 }]);
  expect((await request(alone).get('/books')).body).to.deep.equal([null]); // the body never came
  expect((await request(alone).delete('/books/0')).status).not.to.equal(200);
};

/** Without the last column, which is about routing-controllers. */
function tableOfPage(): string {
  const page = readFileSync(join(__dirname, '../../../../docs/permissions/closed-by-default.md'), 'utf8');
  const [, block = ''] = /```text\n(METHOD[^`]*)```/.exec(page) ?? [];
  const end = block.indexOf('on its own server');
  return block
    .trim()
    .split('\n')
    .map((line) => line.slice(0, end).trimEnd())
    .join('\n');
}

export default check;
