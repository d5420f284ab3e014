import { expect } from 'chai';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { rejection } from '../support/rejection';
import { MoodyStore } from '../support/stores';
import { forge } from '../support/tokens';

const clock = new TestClock();
const NOW = clock.now / 1000;
const CLAIMS = { sub: 'ada@example.com', exp: NOW + 60 };

describe('lm.verify', () => {
  it('returns the claims of a valid token', async () => {
    expect(await managerOf({ clock: clock.tell }).verify(forge({ payload: { ...CLAIMS, team: 7 } }))).to.deep.equal({
      ...CLAIMS,
      team: 7,
    });
  });

  it('needs no user and no user loader', async () => {
    const manager = new LoginManager(SECRET, null, { clock: clock.tell });
    expect(await manager.verify(forge({ payload: { ...CLAIMS, sub: 'nobody@example.com' } }))).to.include({
      sub: 'nobody@example.com',
    });
  });

  it('returns claims that nobody can change', async () => {
    const payload = await managerOf({ clock: clock.tell }).verify(forge({ payload: CLAIMS }));
    expect(payload).to.be.frozen;
  });

  const refused: [string, unknown, string][] = [
    ['an expired token', forge({ payload: { ...CLAIMS, exp: NOW } }), 'token_expired'],
    [
      'the token of somebody else',
      forge({ payload: CLAIMS, key: 'the secret of somebody else, long enough' }),
      'token_invalid',
    ],
    ['a refresh token', forge({ header: { alg: 'HS256', typ: 'refresh+jwt' }, payload: CLAIMS }), 'token_invalid'],
    ['an empty string', '', 'token_invalid'],
    ['an array', [forge({ payload: CLAIMS })], 'token_invalid'],
  ];

  for (const [what, token, code] of refused) {
    it(`rejects with the not-authenticated error for ${what}`, async () => {
      const error = await rejection(managerOf({ clock: clock.tell }).verify(token as string));
      expect(error).to.be.instanceOf(NotAuthenticatedError);
      expect(error.code).to.equal(code);
    });
  }

  it('rejects with the exception of the manager', async () => {
    class Denied extends Error {}
    const manager = managerOf({ clock: clock.tell, notAuthenticatedException: Denied });
    expect(await rejection(manager.verify('no token'))).to.be.instanceOf(Denied);
  });

  it('rejects for a token that was revoked, and for one of a session that was', async () => {
    const manager = managerOf({ clock: clock.tell, sessionStore: new MemorySessionStore(clock.tell) });
    const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
    await manager.verify(token);
    await manager.revoke(token);
    expect((await rejection(manager.verify(token))).code).to.equal('token_revoked');
    const other = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
    await manager.verify(other);
    await manager.revokeAll('ada@example.com');
    expect((await rejection(manager.verify(other))).code).to.equal('token_revoked');
  });

  it('rejects with 503 if the store cannot be asked', async () => {
    const sessionStore = new MoodyStore();
    sessionStore.mood = () => Promise.reject(new Error('The database is down'));
    const manager = managerOf({ clock: clock.tell, sessionStore });
    const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
    expect(await rejection(manager.verify(token))).to.have.property('httpCode', 503);
  });
});
