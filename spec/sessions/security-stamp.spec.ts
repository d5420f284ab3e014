import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { SECRET } from '../support/accounts';
import { setCookies } from '../support/browser';
import { TestClock } from '../support/clock';
import { keysFor, pem } from '../support/keys';
import { rejection, thrownBy } from '../support/rejection';
import { refusalOf } from '../support/sessions';
import { payloadOf } from '../support/tokens';

interface User {
  changedAt: unknown;
}

const data = { sub: 'ada' };

function managerFor(user: User | null, options: LoginManagerOptions<User> = {}, secret: unknown = SECRET) {
  const manager = new LoginManager<User>(secret as string, '/login', {
    securityStamp: ({ changedAt }) => changedAt as string,
    ...options,
  });
  manager.userLoader()(() => user);
  return manager;
}

async function fate(manager: LoginManager<User>, token: string): Promise<string> {
  return manager.getCurrentUser(token).then(
    () => 'let in',
    ({ code, name }) => code ?? name,
  );
}

describe('securityStamp', () => {
  for (const [what, options] of Object.entries({
    'with a store': () => ({ sessionStore: new MemorySessionStore() }),
    'without a store': () => ({}),
  })) {
    for (const [type, [before, after]] of Object.entries({
      texts: ['one', 'two'],
      numbers: [1, 2],
      dates: [new Date(1), new Date(2)],
      'a number and its text': [1, '1'],
    })) {
      it(`ends all logins when it changes, ${what}: ${type}`, async () => {
        const user: User = { changedAt: before };
        const manager = managerFor(user, options());
        const tokens = [
          (await manager.createTokenResponse({ data })).access_token,
          manager.createAccessToken({ data }),
        ];
        for (const token of tokens) expect(await fate(manager, token)).to.equal('let in');
        user.changedAt = after;
        for (const token of tokens) expect(await fate(manager, token)).to.equal('token_revoked');
        const { access_token } = await manager.createTokenResponse({ data });
        expect(await fate(manager, access_token)).to.equal('let in');
      });
    }
  }

  it('ends refreshes too, and the session', async () => {
    const user: User = { changedAt: 1 };
    const store = new MemorySessionStore();
    const manager = managerFor(user, { sessionStore: store });
    const login = await manager.createTokenResponse({ data, refresh: true });
    const next = await manager.refresh(login.refresh_token as string);
    expect(await fate(manager, next.access_token)).to.equal('let in');
    user.changedAt = 2;
    expect(await refusalOf(manager.refresh(next.refresh_token as string))).to.match(/^invalid_grant/);
    expect(store.size).to.equal(0);
    user.changedAt = 1;
    expect(await fate(manager, next.access_token)).to.equal('token_revoked');
  });

  it('is kept by refreshes: a refresh does not take the new one', async () => {
    const user: User = { changedAt: 1 };
    const manager = managerFor(user, { sessionStore: new MemorySessionStore() });
    const login = await manager.createTokenResponse({ data, refresh: true });
    const next = await manager.refresh(login.refresh_token as string);
    expect(payloadOf(next.access_token).login_stamp).to.equal(payloadOf(login.access_token).login_stamp);
  });

  it('is not told by the token', async () => {
    const manager = managerFor({ changedAt: 'secret stamp' });
    const { access_token } = await manager.createTokenResponse({ data });
    expect(JSON.stringify(payloadOf(access_token))).not.to.include('secret stamp');
    expect(payloadOf(access_token).login_stamp).to.match(/^[\w-]{16}$/);
  });

  it('lets nobody in whose token has none: it was made before the option was set', async () => {
    const { access_token } = await managerFor({ changedAt: 1 }, {
      securityStamp: undefined,
    } as never).createTokenResponse({
      data,
    });
    expect(await fate(managerFor({ changedAt: 1 }), access_token)).to.equal('token_revoked');
  });

  it('lets logins go on after the secret was changed', async () => {
    const user = { changedAt: 1 };
    const { access_token } = await managerFor(user).createTokenResponse({ data });
    const rotated = managerFor(user, {}, ['another secret of forty bytes, for specs', SECRET]);
    expect(await fate(rotated, access_token)).to.equal('let in');
  });

  describe('of tokens that take the place of others', () => {
    const NEW_SECRET = 'another secret of forty bytes, for specs';

    /** A login of the old secret, and managers of the servers on the way to the new one. */
    function rotation(user: User) {
      const clock = new TestClock();
      const options = {
        clock: clock.tell,
        sessionStore: new MemorySessionStore(clock.tell),
        useCookie: true,
        defaultExpiry: '30m',
        slidingExpiry: '1d',
      } as const;
      const [old, both, young] = [SECRET, [NEW_SECRET, SECRET], NEW_SECRET].map((secret) =>
        managerFor(user, options, secret),
      ) as [LoginManager<User>, LoginManager<User>, LoginManager<User>];
      return { clock, old, both, young };
    }

    /** Renews a cookie with a request whose handler does something to the user. */
    async function renew(manager: LoginManager<User>, token: string, handle = () => {}): Promise<string> {
      const app = express().use(manager.guard(), (_request, response) => {
        handle();
        response.end();
      });
      const answer = await request(app).get('/').set('Cookie', `access-token=${token}`);
      return setCookies(answer)[0]?.value as string;
    }

    it('needs the new secret alone after a refresh', async () => {
      const { old, both, young } = rotation({ changedAt: 1 });
      const login = await old.createTokenResponse({ data, refresh: true });
      const next = await both.refresh(login.refresh_token as string);
      expect(await fate(young, next.access_token)).to.equal('let in');
      expect(await young.refresh(next.refresh_token as string)).to.have.property('access_token');
    });

    it('needs the new secret alone after a renewal of the cookie', async () => {
      const { clock, old, both, young } = rotation({ changedAt: 1 });
      const { access_token } = await old.createTokenResponse({ data });
      clock.advance(16 * 60);
      expect(await fate(young, await renew(both, access_token))).to.equal('let in');
    });

    it('is that of the login, though the request that renews the cookie changes the user', async () => {
      const user: User = { changedAt: 1 };
      const { clock, old } = rotation(user);
      const { access_token } = await old.createTokenResponse({ data });
      clock.advance(16 * 60);
      const renewed = await renew(old, access_token, () => {
        user.changedAt = 2;
      });
      expect(await fate(old, renewed)).to.equal('token_revoked');
    });
  });

  it('cannot be put into data', async () => {
    const manager = managerFor({ changedAt: 1 }, { sessionStore: new MemorySessionStore() });
    const forged = { data: { ...data, login_stamp: 'x' } };
    expect(await rejection(manager.createTokenResponse(forged))).to.be.an.instanceOf(ConfigurationError);
    const bare = managerFor({ changedAt: 1 });
    const before = await bare.createTokenResponse(forged).catch(() => ({ access_token: '' }));
    if (before.access_token) expect(payloadOf(before.access_token).login_stamp).not.to.equal('x');
  });

  for (const junk of [undefined, null, {}, [], true, Number.NaN, Number.POSITIVE_INFINITY, new Date(Number.NaN)]) {
    it(`is refused as a ConfigurationError when it is ${String(junk)} (${typeof junk})`, async () => {
      const user: User = { changedAt: 1 };
      const manager = managerFor(user);
      const { access_token } = await manager.createTokenResponse({ data });
      user.changedAt = junk;
      expect(await rejection(manager.getCurrentUser(access_token))).to.be.an.instanceOf(ConfigurationError);
      expect(await rejection(manager.createTokenResponse({ data }))).to.be.an.instanceOf(ConfigurationError);
    });
  }

  it('needs the user at the login: one that the loader does not find is a ConfigurationError', async () => {
    const manager = managerFor(null);
    expect(await rejection(manager.createTokenResponse({ data }))).to.be.an.instanceOf(ConfigurationError);
    expect(thrownBy(() => manager.createAccessToken({ data }))).to.be.an.instanceOf(ConfigurationError);
  });

  it('works with an asynchronous loader, but for createAccessToken', async () => {
    const manager = new LoginManager<User>(SECRET, '/login', { securityStamp: ({ changedAt }) => changedAt as string });
    manager.userLoader()(async () => ({ changedAt: 1 }));
    const { access_token } = await manager.createTokenResponse({ data });
    expect(await fate(manager, access_token)).to.equal('let in');
    const error = thrownBy(() => manager.createAccessToken({ data }));
    expect(error).to.be.an.instanceOf(ConfigurationError);
    expect(error.message).to.include('createTokenResponse');
  });

  it('leaves no rejection unhandled of a loader that createAccessToken cannot wait for', async () => {
    const manager = new LoginManager<User>(SECRET, '/login', { securityStamp: () => 1 });
    manager.userLoader()(() => Promise.reject(new Error('down')));
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    expect(thrownBy(() => manager.createAccessToken({ data }))).to.be.an.instanceOf(ConfigurationError);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).to.deep.equal([]);
  });

  it('lets a new login in though a cache still has the user of before', async () => {
    const user: User = { changedAt: 1 };
    const manager = new LoginManager<User>(SECRET, '/login', {
      securityStamp: ({ changedAt }) => changedAt as string,
      userCache: { max: 10, maxAge: '1h' },
    });
    manager.userLoader()(() => ({ ...user }));
    const before = await manager.createTokenResponse({ data });
    expect(await fate(manager, before.access_token)).to.equal('let in');
    user.changedAt = 2;
    const after = await manager.createTokenResponse({ data });
    expect(await fate(manager, after.access_token)).to.equal('let in');
    expect(await fate(manager, before.access_token)).to.equal('token_revoked');
  });

  it('is refused where there is no secret to hash with', () => {
    const { verifying } = keysFor('ES256');
    const options = { algorithm: 'ES256', securityStamp: () => 1 } as const;
    const error = thrownBy(() => new LoginManager({ publicKey: pem(verifying, 'spki') }, null, options));
    expect(error).to.be.an.instanceOf(ConfigurationError);
  });
});
