import { expect } from 'chai';
import { JsonController, Post, Res } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { grantScopes } from '../../src/oauth2/grant-scopes';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { rejection } from '../support/rejection';
import { type App, onEachServer } from '../support/servers';
import { fateOf } from '../support/sessions';
import { forge } from '../support/tokens';

const SUB = 'ada@example.com';
const DAY = 24 * 3600;
const ada = { data: { sub: SUB }, refresh: true };

function on(clock: () => number, sessionStore: MemorySessionStore, options: LoginManagerOptions<Account> = {}) {
  return managerOf({ sessionStore, clock, ...options });
}

/** Two managers of one store whose sessions last for one day and for 90. */
function lifetimes(clock: TestClock) {
  const store = new MemorySessionStore(clock.tell);
  return {
    short: on(clock.tell, store, { refreshExpiry: '1d' }),
    long: on(clock.tell, store, { refreshExpiry: '90d' }),
  };
}

describe('a login after revokeAll', () => {
  it('works at once on another server of the store, in the same millisecond', async () => {
    const clock = new TestClock();
    const store = new MemorySessionStore(clock.tell);
    const [one, other] = [on(clock.tell, store), on(clock.tell, store)];
    const before = await other.createTokenResponse(ada);
    await one.revokeAll(SUB);
    const after = await other.createTokenResponse(ada);
    expect(await fateOf(one, before.access_token)).to.equal('token_revoked');
    expect(await fateOf(one, after.access_token)).to.equal('let in');
    expect(await other.refresh(after.refresh_token as string)).to.have.property('access_token');
  });

  for (const seconds of [-5, 5]) {
    it(`works at once on a server whose clock differs by ${seconds} s, and one before it never survives`, async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      const here = on(clock.tell, store);
      const there = on(() => clock.now + seconds * 1000, store, { clockTolerance: 5 });
      const before = [await here.createTokenResponse(ada), await there.createTokenResponse(ada)];
      await here.revokeAll(SUB);
      const after = await there.createTokenResponse(ada);
      for (const { access_token, refresh_token = '' } of before) {
        expect(await fateOf(there, access_token)).to.equal('token_revoked');
        await rejection(there.refresh(refresh_token));
      }
      expect(await fateOf(there, after.access_token)).to.equal('let in');
      expect(await there.refresh(after.refresh_token as string)).to.have.property('access_token');
    });
  }

  it('works for as many as come at once', async () => {
    const store = new MemorySessionStore();
    const managers = [managerOf({ sessionStore: store }), managerOf({ sessionStore: store })];
    for (let round = 0; round < 20; round++) {
      await managers[0]?.revokeAll(SUB);
      const logins = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (managers[index % 2] as LoginManager<Account>).createTokenResponse(ada),
        ),
      );
      for (const { access_token } of logins)
        expect(await fateOf(managers[0] as LoginManager<Account>, access_token)).to.equal('let in');
    }
  });

  it('works in the same request, with a store that tells ages in whole milliseconds', async () => {
    const store = new MemorySessionStore();
    const age = store.age.bind(store);
    store.age = async (...args) => Math.floor((await age(...args)) ?? 0);
    const manager = managerOf({ sessionStore: store });
    for (let round = 0; round < 50; round++) {
      await manager.revokeAll(SUB);
      const { access_token } = await manager.createTokenResponse(ada);
      expect(await fateOf(manager, access_token)).to.equal('let in');
    }
  });

  it('works after a login without a store record, too', async () => {
    const clock = new TestClock();
    const manager = on(clock.tell, new MemorySessionStore(clock.tell));
    const before = tokenOf(manager);
    await manager.revokeAll(SUB);
    const after = tokenOf(manager);
    expect(await fateOf(manager, before)).to.equal('token_revoked');
    expect(await fateOf(manager, after)).to.equal('let in');
  });
});

describe('what revokeAll has ended', () => {
  it('stays ended for as long as the longest refreshExpiry of all managers of the store', async () => {
    const clock = new TestClock();
    const { short, long } = lifetimes(clock);
    const { refresh_token = '' } = await long.createTokenResponse(ada);
    await short.revokeAll(SUB);
    for (let day = 0; day < 90; day++) {
      clock.advance(DAY - 1);
      expect((await rejection(long.refresh(refresh_token))).name).to.equal('InvalidGrantError');
    }
  });

  it('stays ended after the user has logged in and out again on the server with the shorter refreshExpiry', async () => {
    const clock = new TestClock();
    const { short, long } = lifetimes(clock);
    const { refresh_token = '' } = await long.createTokenResponse(ada);
    await short.revokeAll(SUB);
    const again = await short.createTokenResponse(ada);
    await short.revoke(again.refresh_token as string);
    clock.advance(2 * DAY);
    expect((await rejection(long.refresh(refresh_token))).name).to.equal('InvalidGrantError');
  });

  for (const [what, tokenFor] of Object.entries({
    'of createAccessToken': (manager: LoginManager<Account>, days: number) =>
      manager.createAccessToken({ data: { sub: SUB }, expires: `${days}d` }),
    'that another signed with the same secret': (_: LoginManager<Account>, days: number, now: number) =>
      forge({ payload: { sub: SUB, iat: now / 1000, exp: now / 1000 + days * DAY }, key: SECRET }),
    'that another signed with the same secret, without iat': (_: LoginManager<Account>, days: number, now: number) =>
      forge({ payload: { sub: SUB, exp: now / 1000 + Math.min(days, 400) * DAY }, key: SECRET }),
  })) {
    it(`stays ended for as long as it could be accepted: a token ${what}`, async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      const manager = on(clock.tell, store, { refreshExpiry: '3650d', verifiedTokenCache: false });
      const token = tokenFor(manager, 3000, clock.now);
      expect(await fateOf(manager, token)).to.equal('let in');
      await on(clock.tell, store, { refreshExpiry: '1d' }).revokeAll(SUB);
      for (let day = 0; day < 3000; day += 50) {
        clock.advance(50 * DAY - 60);
        expect(await fateOf(manager, token)).not.to.equal('let in');
      }
    });
  }

  it('leaves the longer sessions of another manager alone when a user logs out of the shorter ones', async () => {
    const clock = new TestClock();
    const { short, long } = lifetimes(clock);
    const { refresh_token = '' } = await long.createTokenResponse(ada);
    clock.advance(2 * DAY);
    const brief = await short.createTokenResponse(ada);
    await short.revoke(brief.refresh_token as string);
    expect(await long.refresh(refresh_token)).to.have.property('access_token');
  });

  for (const seconds of [-5, 5]) {
    it(`stays ended on a server whose clock differs by ${seconds} s: one token`, async () => {
      const clock = new TestClock();
      const store = new MemorySessionStore(clock.tell);
      const here = on(clock.tell, store);
      const there = on(() => clock.now + seconds * 1000, store);
      const { access_token } = await here.createTokenResponse(ada);
      const unrecorded = tokenOf(here);
      for (const token of [access_token, unrecorded]) await here.revoke(token);
      for (let second = 0; second < 910; second++) {
        clock.advance(1);
        for (const token of [access_token, unrecorded]) expect(await fateOf(there, token)).not.to.equal('let in');
      }
    });
  }
});

describe('a login under way when all logins of its user are revoked', () => {
  onEachServer((start) => {
    /** Logs in by a path, and revokes all logins while the password is verified. */
    async function outcome(path: string, isRevoked: boolean, isElsewhere = false) {
      const sessionStore = new MemorySessionStore();
      const manager = managerOf({ sessionStore, useCookie: true });
      // Managers of one store object share the order of their process.
      const other = managerOf({ sessionStore: isElsewhere ? Object.create(sessionStore) : sessionStore });
      const verify = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await other.revokeAll(isRevoked ? SUB : 'bob@example.com');
        await new Promise((resolve) => setTimeout(resolve, 2));
      };

      @JsonController()
      class Logins {
        @Post('/form')
        async form(@PasswordForm() form: OAuth2PasswordRequestForm) {
          await verify();
          return manager.createTokenResponse({ ...ada, scopes: grantScopes(form.scopes, ['notes']) });
        }

        @Post('/ungranted')
        async ungranted(@PasswordForm() form: OAuth2PasswordRequestForm) {
          await verify();
          return manager.createTokenResponse({ ...ada, data: { sub: form.username } });
        }

        @Post('/unrecorded')
        async unrecorded(@PasswordForm() form: OAuth2PasswordRequestForm) {
          await verify();
          return { token: manager.createAccessToken({ data: { sub: form.username } }) };
        }

        @Post('/browser')
        async browser(@PasswordForm() form: OAuth2PasswordRequestForm, @Res() response: App) {
          await verify();
          await manager.login(response, { data: { sub: form.username } });
          return {};
        }
      }

      const endpoints = tokenEndpoints(manager, {
        verifyPassword: async (sub) => {
          await verify();
          return { data: { sub } };
        },
      });
      const { client } = await start({ manager, controllers: [endpoints, Logins] });
      const answer = await client.post(path).type('form').send({ username: SUB, password: 'x' });
      return { answer, sessions: await manager.sessions(SUB), fate: () => fateOf(manager, answer.body.token) };
    }

    for (const [what, path] of Object.entries({
      'through tokenEndpoints': '/login',
      'through @PasswordForm and grantScopes': '/form',
      'through @PasswordForm alone': '/ungranted',
      'through login()': '/browser',
    })) {
      it(`does not survive: ${what}`, async () => {
        const { answer, sessions } = await outcome(path, true);
        expect([answer.status, answer.body.error, sessions]).to.deep.equal([400, 'invalid_grant', []]);
        expect(answer.headers['set-cookie']).to.equal(undefined);
      });

      it(`is let in when it is another user's: ${what}`, async () => {
        const { answer, sessions } = await outcome(path, false);
        expect([answer.status, sessions.length]).to.deep.equal([200, 1]);
      });
    }

    it('gets a token of createAccessToken that is already revoked', async () => {
      const { answer, fate } = await outcome('/unrecorded', true);
      expect([answer.status, await fate()]).to.deep.equal([200, 'token_revoked']);
    });

    it('gets a token of createAccessToken that is already revoked, by another server', async () => {
      const { answer, fate } = await outcome('/unrecorded', true, true);
      expect([answer.status, await fate()]).to.deep.equal([200, 'token_revoked']);
    });

    it("gets a token of createAccessToken that works when another user's logins were revoked", async () => {
      const { answer, fate } = await outcome('/unrecorded', false);
      expect([answer.status, await fate()]).to.deep.equal([200, 'let in']);
    });
  });
});
