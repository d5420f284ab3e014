import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, later, whoAmI } from '../trying';

const check: Check = async ({ lm, db, setRoles, dismiss }) => {
  const client = supertest(whoAmI(lm));
  const ada = bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' } }));
  const scopes = async () => (await client.get('/').set(ada)).body.scopes;

  expect(await scopes()).to.include('notes:write');
  await setRoles('ada@example.com', ['reader']);
  expect(await scopes()).to.deep.equal(['notes:read']);

  // who changes the database alone waits for maxAge
  await db.members.update('ada@example.com', { roles: ['editor'] });
  expect(await scopes()).to.deep.equal(['notes:read']);
  await later(10, async () => expect(await scopes()).to.include('notes:write'));

  await dismiss('ada@example.com');
  expectUnauthorized(await client.get('/').set(ada), 'token_revoked');
};

export default check;
