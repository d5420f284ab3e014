import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf } from '../support/accounts';
import { rejection, thrownBy } from '../support/rejection';
import { BAD, fateOf, refusalOf, Sessions } from '../support/sessions';
import { payloadOf } from '../support/tokens';

const HOUR = 3600;

describe('refreshExpiry', () => {
  it('is of the login, not of each step', async () => {
    const sessions = new Sessions({ refreshExpiry: '1h' });
    let pair = await sessions.login();
    const end = payloadOf(pair.refresh_token).exp;
    expect(end).to.equal(sessions.clock.now / 1000 + HOUR);
    for (let step = 0; step < 5; step++) {
      sessions.clock.advance(600);
      pair = await sessions.refresh(pair);
      expect(payloadOf(pair.refresh_token).exp).to.equal(end);
    }
    sessions.clock.advance(600);
    expect(await refusalOf(sessions.refresh(pair))).to.equal(BAD);
  });

  it('is 30 days where nothing else is said', async () => {
    const sessions = new Sessions();
    const { exp, iat } = payloadOf((await sessions.login()).refresh_token) as { exp: number; iat: number };
    expect(exp - iat).to.equal(30 * 24 * HOUR);
  });

  it('bounds the access tokens too, and their expires_in says so', async () => {
    const sessions = new Sessions({ refreshExpiry: '1h', defaultExpiry: '15m' });
    const first = await sessions.login();
    sessions.clock.advance(HOUR - 60);
    const last = await sessions.refresh(first);
    expect(last.expires_in).to.equal(60);
    expect(payloadOf(last.access_token).exp).to.equal(payloadOf(first.refresh_token).exp);
    sessions.clock.advance(59.999);
    expect(await fateOf(sessions.manager, last.access_token)).to.equal('let in');
    sessions.clock.advance(0.001);
    expect(await fateOf(sessions.manager, last.access_token)).to.equal('token_expired');
  });

  it('goes by the milliseconds of the clock', async () => {
    const sessions = new Sessions({ refreshExpiry: 10.5, defaultExpiry: 0.25 });
    sessions.clock.now += 123;
    const pair = await sessions.login();
    expect(payloadOf(pair.refresh_token).exp).to.equal((sessions.clock.now + 10_500) / 1000);
    sessions.clock.advance(10.4);
    const last = await sessions.refresh(pair);
    expect(payloadOf(last.access_token).exp).to.equal(payloadOf(pair.refresh_token).exp);
    sessions.clock.advance(0.1);
    expect(await refusalOf(sessions.refresh(last))).to.equal(BAD);
  });

  it('is to the moment, whatever the tolerance', async () => {
    const sessions = new Sessions({ refreshExpiry: '1h', clockTolerance: 60 });
    const pair = await sessions.login();
    sessions.clock.advance(HOUR - 0.001);
    const last = await sessions.refresh(pair);
    expect(last.expires_in).to.equal(0);
    sessions.clock.advance(0.001);
    expect(await refusalOf(sessions.refresh(last))).to.equal(BAD);
  });

  it('lets a login be revoked within the tolerance', async () => {
    const sessions = new Sessions({ refreshExpiry: '1h', defaultExpiry: '1h', clockTolerance: 60 });
    const pair = await sessions.login();
    sessions.clock.advance(HOUR + 30);
    expect(await fateOf(sessions.manager, pair.access_token)).to.equal('let in');
    await sessions.manager.revoke(pair.refresh_token);
    expect(await fateOf(sessions.manager, pair.access_token)).to.equal('token_revoked');
    sessions.clock.advance(29.999);
    expect(await fateOf(sessions.manager, pair.access_token)).to.equal('token_revoked');
  });

  it('is longer than any token lives: a longer expires is refused', async () => {
    const { manager } = new Sessions({ refreshExpiry: '1h' });
    const data = { sub: 'ada@example.com' };
    for (const expires of [HOUR + 1, '61m', '30d']) {
      const errors = [
        thrownBy(() => manager.createAccessToken({ data, expires })),
        await rejection(manager.createTokenResponse({ data, expires })),
        await rejection(manager.createTokenResponse({ data, expires, refresh: true })),
      ];
      for (const error of errors) {
        expect(error).to.be.an.instanceOf(ConfigurationError);
        expect(error.message).to.include('refreshExpiry');
      }
    }
    for (const expires of [HOUR, '60m']) expect(manager.createAccessToken({ data, expires })).to.be.a('string');
  });

  it('is longer than defaultExpiry, or the manager is refused', () => {
    const sessionStore = new MemorySessionStore();
    for (const options of [
      { refreshExpiry: '10m' },
      { defaultExpiry: '31d' },
      { refreshExpiry: 1, defaultExpiry: 2 },
    ]) {
      const error = thrownBy(() => managerOf({ sessionStore, ...options }));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include('refreshExpiry').and.include('defaultExpiry');
    }
    expect(() => managerOf({ sessionStore, refreshExpiry: '15m' })).not.to.throw();
  });

  it('says nothing of the tokens of a manager without a store', () => {
    const token = managerOf({ defaultExpiry: '90d' }).createAccessToken({ data: { sub: 'a' } });
    expect(Number(payloadOf(token).exp) - Number(payloadOf(token).iat)).to.equal(90 * 24 * HOUR);
  });
});
