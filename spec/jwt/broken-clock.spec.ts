import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { guardedRoute } from '../support/guarded-route';
import { rejection, thrownBy } from '../support/rejection';
import { forge } from '../support/tokens';

const broken: Record<string, () => unknown> = {
  NaN: () => Number.NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  undefined: () => undefined,
  null: () => null,
  'an empty string': () => '',
  'a number as a string': () => String(Date.now()),
  'a bigint': () => BigInt(Date.now()),
  true: () => true,
  'a Date': () => new Date(),
  'an object with valueOf': () => ({ valueOf: () => Date.now() }),
  'an array': () => [Date.now()],
  'a promise': async () => Date.now(),
  'a promise that rejects': () => Promise.reject(new Error('no time')),
  'a promise that rejects with nothing': () => Promise.reject(),
  'nothing, but throws': () => {
    throw new Error('no time');
  },
  'nothing, but throws undefined': () => {
    throw undefined;
  },
};

const tokens = {
  'that expired in 1970': forge({ payload: { sub: 'ada@example.com', exp: 1 } }),
  'that is valid': forge({ payload: { sub: 'ada@example.com', exp: 4e9 } }),
  'that is valid later': forge({ payload: { sub: 'ada@example.com', exp: 4e9, nbf: 3.9e9 } }),
};

describe('a clock', () => {
  for (const [what, clock] of Object.entries(broken)) {
    describe(`that returns ${what}`, () => {
      const managerWith = (options: LoginManagerOptions<Account> = {}) =>
        managerOf({ clock: clock as () => number, ...options });

      for (const [which, token] of Object.entries(tokens)) {
        it(`lets nobody in with a token ${which}`, async () => {
          for (const options of [
            {},
            { verifiedTokenCache: false as const },
            { clockTolerance: 1e9 },
            { maxTokenAge: '10y' },
            { userCache: { max: 10, maxAge: '10s' } },
          ]) {
            const manager = managerWith(options);
            for (const answer of [manager.verify(token), manager.getCurrentUser(token), manager.hasScopes(token, [])])
              expect((await rejection(answer)).code).to.equal('token_invalid');
          }
        });
      }

      it('lets nobody in with a token that was verified before', async () => {
        let now: () => unknown = () => Date.now();
        const manager = managerOf({ clock: () => now() as number });
        const token = tokens['that is valid'];
        await manager.verify(token);
        now = clock;
        expect((await rejection(manager.verify(token))).code).to.equal('token_invalid');
        now = () => Date.now();
        expect(await manager.verify(token)).to.include({ sub: 'ada@example.com' });
      });

      it('makes no token', async () => {
        for (const manager of [managerWith(), managerWith({ sessionStore: new MemorySessionStore() })]) {
          const request = { data: { sub: 'ada@example.com' } };
          expect(thrownBy(() => manager.createAccessToken(request)))
            .to.be.instanceOf(ConfigurationError)
            .with.property('message')
            .that.matches(/clock returned no finite number; it must return milliseconds/);
          expect(await rejection(manager.createTokenResponse(request))).to.be.instanceOf(ConfigurationError);
        }
      });

      it('refreshes nothing', async () => {
        let now: () => unknown = () => Date.now();
        const manager = managerOf({ clock: () => now() as number, sessionStore: new MemorySessionStore() });
        const { refresh_token: token } = await manager.createTokenResponse({
          data: { sub: 'ada@example.com' },
          refresh: true,
        });
        now = clock;
        expect((await rejection(manager.refresh(token as string))).code).to.equal('invalid_grant');
      });
    });
  }

  describe('that is broken, on a server', () => {
    let clock: () => unknown = () => Number.NaN;
    const send = guardedRoute(() => managerOf({ clock: () => clock() as number, useCookie: true }));

    it('is answered with 401, for a token in the header and in the cookie', async () => {
      for (const [what, one] of Object.entries(broken)) {
        clock = one;
        for (const token of Object.values(tokens)) {
          expect(await send(token), what).to.equal('401 token_invalid');
          expect(await send({ Cookie: `access-token=${token}` }), what).to.equal('401 token_invalid');
        }
      }
    });
  });
});
