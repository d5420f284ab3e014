import { expect } from 'chai';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf } from '../support/accounts';
import { ENDED, fateOf, refusalOf, Sessions } from '../support/sessions';
import { forge } from '../support/tokens';

const ada = 'ada@example.com';

describe('revokeAll', () => {
  it('ends all logins of a subject up to now, and of nobody else', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    const second = await sessions.refresh(await sessions.login());
    const alone = sessions.manager.createAccessToken({ data: { sub: ada } });
    const bob = await sessions.login('bob@example.com');
    sessions.clock.advance(1);
    await sessions.manager.revokeAll(ada);
    for (const token of [first.access_token, second.access_token, alone]) {
      expect(await fateOf(sessions.manager, token)).to.equal('token_revoked');
    }
    for (const pair of [first, second]) expect(await refusalOf(sessions.refresh(pair))).to.equal(ENDED);
    expect(await fateOf(sessions.manager, bob.access_token)).to.equal('let in');
  });

  it('ends what was issued in its own millisecond before, and not what comes straight after', async () => {
    const sessions = new Sessions(); // whose clock stands still
    for (let round = 0; round < 5; round++) {
      const [before, alone] = [await sessions.login(), sessions.manager.createAccessToken({ data: { sub: ada } })];
      await sessions.manager.revokeAll(ada);
      const [after, other] = [await sessions.login(), sessions.manager.createAccessToken({ data: { sub: ada } })];
      const tokens = [before.access_token, alone, after.access_token, other];
      const fates = await Promise.all(tokens.map((token) => fateOf(sessions.manager, token)));
      expect(fates, `round ${round}`).to.deep.equal(['token_revoked', 'token_revoked', 'let in', 'let in']);
      expect(await sessions.refresh(after)).to.have.property('access_token');
    }
  });

  it('ends what was issued before the clock was set back', async () => {
    const sessions = new Sessions();
    const { access_token } = await sessions.login();
    sessions.clock.advance(-5);
    await sessions.manager.revokeAll(ada);
    expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
    expect(await fateOf(sessions.manager, (await sessions.login()).access_token)).to.equal('let in');
  });

  it('lets no refresh bring an earlier login over: its time is copied', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    sessions.clock.advance(60);
    const second = await sessions.refresh(first);
    await sessions.manager.revokeAll(ada);
    sessions.clock.advance(60);
    expect(await fateOf(sessions.manager, second.access_token)).to.equal('token_revoked');
    expect(await refusalOf(sessions.refresh(second))).to.equal(ENDED);
  });

  it('holds for as long as any token of then could live', async () => {
    const sessions = new Sessions({ refreshExpiry: '10d', defaultExpiry: '10d', clockTolerance: 5 });
    const { access_token } = await sessions.login();
    await sessions.manager.revokeAll(ada);
    sessions.clock.advance(10 * 24 * 3600 + 4.999);
    expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
    sessions.clock.advance(0.001);
    expect(await fateOf(sessions.manager, access_token)).to.equal('token_expired');
  });

  it('counts on every server of the store', async () => {
    const sessionStore = new MemorySessionStore();
    const [here, there] = [managerOf({ sessionStore }), managerOf({ sessionStore })];
    const token = here.createAccessToken({ data: { sub: ada } });
    await there.revokeAll(ada);
    expect(await fateOf(here, token)).to.equal('token_revoked');
  });

  it('takes a number for a subject', async () => {
    const { manager } = new Sessions();
    manager.createAccessToken({ data: { sub: 7 } });
    await manager.revokeAll(7);
    expect(await fateOf(manager, manager.createAccessToken({ data: { sub: 7 } }))).to.equal('user_unknown');
  });

  it('is of the whole subject, to the letter', async () => {
    const sessions = new Sessions();
    const { access_token } = await sessions.login();
    for (const sub of ['ADA@example.com', 'ada@example.co', ' ada@example.com', '*']) {
      await sessions.manager.revokeAll(sub);
    }
    expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
  });

  describe('and tokens without claims of a session', () => {
    const sessions = new Sessions();
    const second = sessions.clock.now / 1000;
    const token = (iat?: number) => forge({ payload: { sub: ada, exp: second + 3600, ...(iat && { iat }) } });

    it('ends those that were issued in its second or before, or that do not say when', async () => {
      sessions.clock.now += 500;
      await sessions.manager.revokeAll(ada);
      for (const iat of [second - 60, second, undefined]) {
        expect(await fateOf(sessions.manager, token(iat))).to.equal('token_revoked');
      }
      for (const iat of [second + 1, second + 0.501]) {
        expect(await fateOf(sessions.manager, token(iat))).to.equal('let in');
      }
    });
  });
});
