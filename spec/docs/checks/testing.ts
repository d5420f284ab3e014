import { expect } from 'chai';
import type { Check } from '../check';

const check: Check = async ({ lm, restore, listNotes, readMatrix, startProvider }) => {
  const { status, body } = await listNotes();
  expect([status, body]).to.deep.equal([200, ['a note of ada@example.com']]);
  expect(await readMatrix()).to.deep.equal([
    { route: 'GET /notes', nothing: 401, without: { 'notes:read': 403 }, all: 200 },
  ]);

  const idp = await startProvider();
  const metadata = await fetch(`${idp.issuer}/.well-known/openid-configuration`);
  expect(await metadata.json()).to.include({ issuer: idp.issuer, jwks_uri: idp.jwksUri });
  expect(idp.token({ sub: 'ada@example.com' }).split('.')).to.have.length(3);
  idp.rotate();
  await idp.close();

  restore();
  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' } });
  expect(await lm.getCurrentUser(token).catch(({ name }: Error) => name)).to.equal('ConfigurationError');
};

export default check;
