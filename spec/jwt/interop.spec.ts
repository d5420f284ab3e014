import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { managerOf, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { guardedRoute } from '../support/guarded-route';
import { forge, headerOf, payloadOf } from '../support/tokens';

const clock = new TestClock();
const manager = managerOf({ clock: clock.tell });

describe('tokens of other libraries', () => {
  const send = guardedRoute(() => manager);

  describe('of fastapi-login 1.10, with the same secret', () => {
    // create_access_token(data={"sub": "ada@example.com"}, expires=…, scopes=["notes:read", "notes:write"]); the
    // expiry is the first second of the year 2100.
    const withScopes =
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.' +
      'eyJzdWIiOiJhZGFAZXhhbXBsZS5jb20iLCJleHAiOjQxMDI0NDQ4MDAsInNjb3BlcyI6WyJub3RlczpyZWFkIiwibm90ZXM6d3JpdGUiXX0.' +
      'EHLmvYP9HEwk2Rosadkg9DgL4-887kEZxTGkm0_QbQ4';
    const withoutScopes =
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.' +
      'eyJzdWIiOiJhZGFAZXhhbXBsZS5jb20iLCJleHAiOjQxMDI0NDQ4MDB9.' +
      'lut8qi2MFRTPhlrQQhP5pWObb_p26QnPiUaRLXbMaB8';

    it('are let in', async () => {
      expect(await send(withScopes)).to.equal('let in');
      expect(await send(withoutScopes)).to.equal('let in');
    });

    it('have the scopes they were given', async () => {
      expect(await manager.hasScopes(withScopes, ['notes:read', 'notes:write'])).to.equal(true);
      expect(await manager.hasScopes(withScopes, 'notes:admin')).to.equal(false);
      expect(await manager.hasScopes(withoutScopes, 'notes:read')).to.equal(false);
    });

    it('have the claims that ours have, beside iat', () => {
      clock.now = Date.UTC(2099, 11, 31);
      const ours = manager.createAccessToken({
        data: { sub: 'ada@example.com' },
        expires: '1 day',
        scopes: ['notes:read', 'notes:write'],
      });
      const { iat, ...claims } = payloadOf(ours);
      expect(claims).to.deep.equal(payloadOf(withScopes));
      expect(iat).to.equal(clock.now / 1000);
      expect(headerOf(ours)).to.deep.equal(headerOf(withScopes));
    });
  });

  describe('of plain jsonwebtoken', () => {
    it('are let in', async () => {
      const now = clock.now / 1000;
      expect(await send(jwt.sign({ sub: 'ada@example.com', iat: now }, SECRET, { expiresIn: '1h' }))).to.equal(
        'let in',
      );
      expect(
        await send(jwt.sign({ iat: now }, SECRET, { subject: 'ada@example.com', expiresIn: 60, jwtid: '1' })),
      ).to.equal('let in');
    });

    it('are refused without an expiry, which jsonwebtoken does not ask for', async () => {
      expect(await send(jwt.sign({ sub: 'ada@example.com' }, SECRET))).to.equal('401 token_invalid');
    });
  });

  it('are verified by jsonwebtoken where they are ours', () => {
    const token = managerOf({ issuer: 'https://issuer.example', audience: 'api' }).createAccessToken({
      data: { sub: 'ada', team: 7 },
    });
    const options = {
      algorithms: ['HS256' as const],
      issuer: 'https://issuer.example',
      audience: 'api',
      subject: 'ada',
    };
    expect(jwt.verify(token, SECRET, options)).to.include({ sub: 'ada', team: 7 });
  });

  it('may keep their scopes in a space-separated claim, as RFC 9068 has it', async () => {
    const token = forge({ payload: { sub: 'ada@example.com', exp: 4e9, scope: 'notes:read  notes:write' } });
    expect(await manager.hasScopes(token, ['notes:read', 'notes:write'])).to.equal(true);
    expect(await manager.hasScopes(token, 'notes')).to.equal(false);
  });
});
