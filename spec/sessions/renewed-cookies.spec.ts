import { expect } from 'chai';
import { CurrentUser, Get, JsonController, Post, Req, Res } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { cookie } from '../support/http';
import { type App, onEachFramework, type RunningServer } from '../support/servers';

const MINUTE = 60;

function routesOf(manager: LoginManager<Account>) {
  @JsonController()
  class Routes {
    @Get('/greeting')
    greeting(@CurrentUser() account: Account | null) {
      return { email: account?.email ?? 'nobody' };
    }

    @Post('/logout')
    async logout(@Req() request: App, @Res() response: App) {
      await manager.logout(request, response);
      return {};
    }
  }
  return Routes;
}

/** Asks who is logged in with a token, and returns the renewed token too, if there is one. */
async function greet({ client }: RunningServer, token: string): Promise<{ email: string; renewed?: string }> {
  const { body, headers } = await client.get('/greeting').set(cookie(token));
  const cookies: string[] = [headers['set-cookie'] ?? []].flat();
  const [, renewed] = /^access-token=([^;]+)/.exec(cookies.find((one) => /^access-token=[^;]/.test(one)) ?? '') ?? [];
  return { email: body.email, ...(renewed !== undefined && { renewed }) };
}

describe('a cookie that renews itself', () => {
  onEachFramework((start) => {
    const clock = new TestClock();
    const options = { useCookie: true, defaultExpiry: '30m', clock: clock.tell };
    const store = () => new MemorySessionStore(clock.tell);

    /** Minutes for which a login is renewed at most, when it is used every 20 minutes. */
    async function minutesOf(server: RunningServer, first: string): Promise<number> {
      let token = first;
      for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
        const { email, renewed } = await greet(server, token);
        if (email === 'nobody') return minutes;
        token = renewed ?? token;
        clock.advance(20 * MINUTE);
      }
      return Number.POSITIVE_INFINITY;
    }

    it('ends by slidingExpiry where its first token does not say when the login was', async () => {
      const manager = managerOf({ ...options, slidingExpiry: '2h' });
      const server = await start({ manager, controllers: [routesOf(manager)] });
      expect(await minutesOf(server, tokenOf(managerOf(options)))).to.be.within(100, 140);
    });

    it('is not renewed by a request that guard() refuses', async () => {
      const manager = managerOf({ ...options, slidingExpiry: '2h' });
      const server = await start({
        manager,
        controllers: [routesOf(manager)],
        before: (app) => app.use(manager.guard('admin')),
      });
      const token = tokenOf(manager);
      clock.advance(20 * MINUTE);
      const { status, headers } = await server.client.get('/greeting').set(cookie(token));
      expect([status, headers['set-cookie']]).to.deep.equal([403, undefined]);
    });

    it('is not renewed where the store has nothing to end it by', async () => {
      const manager = managerOf({ ...options, slidingExpiry: '2h', sessionStore: store() });
      const server = await start({ manager, controllers: [routesOf(manager)] });
      const token = tokenOf(managerOf(options));
      clock.advance(20 * MINUTE);
      expect(await greet(server, token)).to.deep.equal({ email: 'ada@example.com' });
    });

    for (const [login, create] of [
      ['createAccessToken()', async (manager: LoginManager<Account>) => tokenOf(manager)],
      [
        'createTokenResponse()',
        async (manager: LoginManager<Account>) =>
          (await manager.createTokenResponse({ data: { sub: 'ada@example.com' } })).access_token,
      ],
    ] as const) {
      it(`ends with the renewals that other tabs have got, where its login is of ${login}`, async () => {
        const manager = managerOf({ ...options, slidingExpiry: '2h', sessionStore: store() });
        const server = await start({ manager, controllers: [routesOf(manager)] });
        const first = await create(manager);
        clock.advance(20 * MINUTE);
        const tabs = [await greet(server, first), await greet(server, first)].map(({ renewed }) => renewed as string);
        await server.client.post('/logout').set(cookie(tabs[0] as string));
        const users = [];
        for (const token of [first, ...tabs]) users.push((await greet(server, token)).email);
        expect(users).to.deep.equal(['nobody', 'nobody', 'nobody']);
        clock.advance(15 * MINUTE);
        expect(await greet(server, tabs[1] as string)).to.deep.equal({ email: 'nobody' });
      });
    }
  });
});
