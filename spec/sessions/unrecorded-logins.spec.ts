import { expect } from 'chai';
import type { Request, Response } from 'express';
import { Authorized, Get, JsonController, Post, Req, Res } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { cookie } from '../support/http';
import { onEachServer } from '../support/servers';
import { MoodyStore } from '../support/stores';

/** What a browser keeps of an answer. */
const cookieOf = ({ headers }: { headers: Record<string, string | string[]> }) =>
  /^access-token=([^;]+)/.exec(String(headers['set-cookie']))?.[1] ?? '';

function routesOf(manager: LoginManager<Account>) {
  @JsonController()
  class Routes {
    @Post('/login')
    async login(@Res() response: Response) {
      await manager.login(response, { data: { sub: 'ada@example.com' } });
      return {};
    }

    @Post('/login-with-a-token')
    loginWithToken(@Res() response: Response) {
      manager.setCookie(response, manager.createAccessToken({ data: { sub: 'ada@example.com' } }));
      return {};
    }

    @Post('/logout')
    async logout(@Req() request: Request, @Res() response: Response) {
      await manager.logout(request, response);
      return {};
    }

    @Authorized()
    @Get('/me')
    me() {
      return {};
    }
  }
  return Routes;
}

const down = () => Promise.reject(new Error('The database is down'));

describe('sliding logins without a record', () => {
  onEachServer((start) => {
    for (const { name, path, mood } of [
      { name: 'by createAccessToken', path: '/login-with-a-token', mood: undefined },
      { name: 'made while the store was down', path: '/login', mood: down },
    ]) {
      it(`a logout ends every cookie of a login ${name}`, async () => {
        const clock = new TestClock();
        const store = new MoodyStore(new MemorySessionStore(clock.tell));
        const manager = managerOf({
          sessionStore: store,
          clock: clock.tell,
          useCookie: true,
          defaultExpiry: '30m',
          slidingExpiry: '1d',
        });
        const { client } = await start({ manager, controllers: [routesOf(manager)] });
        store.mood = mood;
        const first = cookieOf(await client.post(path).expect(200));
        store.mood = undefined;
        clock.advance(16 * 60);
        const renewed = cookieOf(await client.get('/me').set(cookie(first)).expect(200));
        expect(renewed).to.not.be.oneOf(['', first]);
        await client.post('/logout').set(cookie(first)).expect(200);
        for (const one of [first, renewed]) await client.get('/me').set(cookie(one)).expect(401);
        clock.advance(29 * 60);
        await client.get('/me').set(cookie(renewed)).expect(401);
      });
    }
  });
});
