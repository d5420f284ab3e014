import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { Algorithm } from '../../src/jwt/keys/algorithm';
import { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, managerOf, SECRET } from '../support/accounts';
import { keysFor } from '../support/keys';
import { nameOf } from '../support/name-of';
import { rejection, thrownBy } from '../support/rejection';
import { BAD, fateOf, refusalOf, Sessions } from '../support/sessions';
import { forge, headerOf, payloadOf } from '../support/tokens';

function managerFor(algorithm: Algorithm): LoginManager<Account> {
  const sessionStore = new MemorySessionStore();
  return new LoginManager(keysFor(algorithm).signing, '/login', { algorithm, userLoader: Accounts, sessionStore });
}

describe('the two kinds of token', () => {
  for (const algorithm of ['HS256', 'HS512', 'RS256', 'PS256', 'ES256'] as const) {
    it(`never stand for each other: ${algorithm}`, async () => {
      const manager = managerFor(algorithm);
      const data = { sub: 'ada@example.com' };
      const { access_token, refresh_token = '' } = await manager.createTokenResponse({ data, refresh: true });
      expect(await fateOf(manager, refresh_token)).to.equal('token_invalid');
      expect((await rejection(manager.hasScopes(refresh_token, []))).code).to.equal('token_invalid');
      expect(await refusalOf(manager.refresh(access_token))).to.equal(BAD);
      expect(await fateOf(manager, access_token)).to.equal('let in');
      expect(await manager.refresh(refresh_token)).to.have.property('access_token');
    });
  }

  it('never stand for each other with another manager of the secret, with and without a store', async () => {
    const { manager } = new Sessions({ clock: Date.now });
    const { refresh_token = '' } = await manager.createTokenResponse({
      data: { sub: 'ada@example.com' },
      refresh: true,
    });
    for (const other of [managerOf(), managerOf({ verifiedTokenCache: false }), managerFor('HS256')]) {
      expect(await fateOf(other, refresh_token)).to.equal('token_invalid');
    }
  });

  it('say what they are in their headers', async () => {
    const { access_token, refresh_token } = await new Sessions().login();
    expect(headerOf(access_token)).to.deep.equal({ alg: 'HS256', typ: 'JWT' });
    expect(headerOf(refresh_token)).to.deep.equal({ alg: 'HS256', typ: 'refresh+jwt' });
  });

  describe('are told by typ to the letter', () => {
    const neither = [
      'Refresh+JWT',
      'REFRESH+JWT',
      'refresh+JWT',
      'application/refresh+jwt',
      'refresh+jwt ',
      'refresh',
      'refresh+jwt\u0000',
      '',
      null,
      0,
      ['refresh+jwt'],
      { typ: 'refresh+jwt' },
    ];
    for (const typ of neither) {
      it(`${nameOf(typ)} is neither`, async () => {
        const sessions = new Sessions();
        const payload = payloadOf((await sessions.login()).refresh_token);
        const token = forge({ header: { alg: 'HS256', typ }, payload });
        expect(await refusalOf(sessions.manager.refresh(token))).to.equal(BAD);
        expect(await fateOf(sessions.manager, token)).to.equal('token_invalid');
      });
    }

    for (const typ of ['JWT', 'jwt', 'at+jwt', 'AT+JWT', undefined]) {
      it(`${typ} is no refresh token, with all the claims of one`, async () => {
        const sessions = new Sessions();
        const payload = payloadOf((await sessions.login()).refresh_token);
        const token = forge({ header: { alg: 'HS256', ...(typ && { typ }) }, payload });
        expect(await refusalOf(sessions.manager.refresh(token))).to.equal(BAD);
      });
    }
  });

  it('cannot be made of each other by another header: the signature is of both', async () => {
    const sessions = new Sessions();
    const { access_token, refresh_token } = await sessions.login();
    const [accessHeader] = access_token.split('.');
    const [refreshHeader] = refresh_token.split('.');
    const asAccess = refresh_token.replace(refreshHeader as string, accessHeader as string);
    const asRefresh = access_token.replace(accessHeader as string, refreshHeader as string);
    expect(await fateOf(sessions.manager, asAccess)).to.equal('token_invalid');
    expect(await refusalOf(sessions.manager.refresh(asRefresh))).to.equal(BAD);
  });

  it('need what a refresh token says of its session', async () => {
    const sessions = new Sessions();
    const good = payloadOf((await sessions.login()).refresh_token);
    const header = { alg: 'HS256', typ: 'refresh+jwt' };
    for (const claims of [{ sid: undefined }, { login_at: undefined }, { sid: 7 }, { login_at: '1' }]) {
      const token = forge({ header, payload: { ...good, ...claims } });
      expect(await refusalOf(sessions.manager.refresh(token)), JSON.stringify(claims)).to.equal(BAD);
    }
    expect(await sessions.manager.refresh(forge({ header, payload: good }))).to.have.property('access_token');
  });

  it('must be meant for this manager, both', async () => {
    const [ours, theirs] = ['us', 'them'].map((issuer) => new Sessions({ issuer }));
    const pair = await (ours as Sessions).login();
    expect(await refusalOf((theirs as Sessions).refresh(pair))).to.equal(BAD);
    const [app, other] = ['app', 'other'].map((audience) => new Sessions({ audience }));
    expect(await refusalOf((other as Sessions).refresh(await (app as Sessions).login()))).to.equal(BAD);
  });

  it('have claims of their own, which data cannot have', async () => {
    const { manager } = new Sessions();
    for (const claim of ['jti', 'sid', 'login_at']) {
      const data = { sub: 'ada@example.com', [claim]: 'x' };
      const error = thrownBy(() => manager.createAccessToken({ data }));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include(claim);
    }
    const data = { sub: 'ada@example.com', access_lifetime: 1e9 };
    expect(await rejection(manager.createTokenResponse({ data, refresh: true }))).to.be.instanceOf(ConfigurationError);
    expect(managerOf().createAccessToken({ data: { sub: 'ada', sid: 'x' } }), SECRET).to.be.a('string');
  });

  for (const claim of ['login_at', 'login_remember', 'login_stamp', 'access_lifetime', 'refresh_number']) {
    it(`cannot have ${claim} in data without a store either, because a manager with one would believe it`, () => {
      const error = thrownBy(() => managerOf().createAccessToken({ data: { sub: 'ada', sid: '~.x', [claim]: 9e15 } }));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include(claim);
    });
  }

  it('are ended by revokeAll if a manager without a store has put a sid into them', async () => {
    const { manager, clock } = new Sessions();
    const data = { sub: 'ada@example.com', sid: '~.x' };
    const token = managerOf({ clock: clock.tell }).createAccessToken({ data });
    expect(await fateOf(manager, token)).to.equal('let in');
    await manager.revokeAll('ada@example.com');
    expect(await fateOf(manager, token)).to.equal('token_revoked');
  });
});
