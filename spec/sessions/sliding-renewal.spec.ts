import { Readable } from 'node:stream';
import { expect } from 'chai';
import { Authorized, Get, JsonController, Post, Req, Res } from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { HttpRequest } from '../../src/http/request-context';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { Browser } from '../support/browser';
import { TestClock } from '../support/clock';
import { bearer } from '../support/http';
import { thrownBy } from '../support/rejection';
import { type App, closeServers, onEachServer, type Start, starter } from '../support/servers';
import { payloadOf } from '../support/tokens';

const SUB = 'ada@example.com';
const HALF = 15 * 60;
const DAY = 24 * 3600;

/** An application whose logins last for 30 minutes without use, and for a day at most. */
async function serve(start: Start, options: LoginManagerOptions<Account> = {}, attach = false) {
  const clock = new TestClock();
  const store = new MemorySessionStore(clock.tell);
  const manager: LoginManager<Account> = managerOf({
    clock: clock.tell,
    useCookie: true,
    defaultExpiry: '30m',
    slidingExpiry: '1d',
    sessionStore: store,
    ...options,
  });

  @JsonController()
  class Pages {
    @Public()
    @Post('/login')
    async login(@Res() response: App) {
      await manager.login(response, { data: { sub: SUB, theme: 'dark' }, scopes: ['notes'] });
      return {};
    }

    @Public()
    @Post('/remember')
    async remember(@Res() response: App) {
      await manager.login(response, { data: { sub: SUB }, remember: true });
      return {};
    }

    @Authorized()
    @Post('/logout')
    async logout(@Req() request: HttpRequest, @Res() response: App) {
      await manager.logout(request, response);
      return {};
    }

    @Authorized()
    @Get('/me')
    me() {
      return {};
    }

    @Authorized('admin')
    @Get('/admin')
    admin() {
      return {};
    }

    @Authorized()
    @Get('/menu')
    async menu(@Req() request: HttpRequest) {
      const mayAdminister = await manager.authenticate(request, ['admin']).catch(() => null);
      return { entries: mayAdminister ? ['Users'] : [] };
    }

    @Public()
    @Get('/open')
    open() {
      return {};
    }

    @Authorized()
    @Get('/streaming')
    streaming() {
      return Readable.from(['one ', 'two']);
    }
  }
  const before = (app: App) => {
    if (attach) manager.attachMiddleware(app);
  };
  const { client } = await start({ manager, controllers: [Pages], before });
  const browser = new Browser(client);
  return { clock, store, manager, browser, client };
}

const token = (browser: Browser) => payloadOf(browser.cookies.get('access-token') as string);

describe('a sliding cookie login', () => {
  onEachServer((start) => {
    for (const [what, options] of Object.entries({
      'with a store': {},
      'without a store': { sessionStore: undefined },
    })) {
      describe(what, () => {
        const served = () => serve(start, options as never);

        it('gets no new cookie in the first half of its token’s life', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF - 1);
          const { status, set } = await browser.send('get', '/me');
          expect([status, set]).to.deep.equal([200, []]);
        });

        it('gets one in the second half, of the same login, that is not stored', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          const before = token(browser);
          clock.advance(HALF);
          const answer = await browser.send('get', '/me');
          const after = token(browser);
          expect(answer.set).to.have.length(1);
          expect(answer.headers['cache-control']).to.include('no-store');
          for (const claim of ['sub', 'sid', 'login_at', 'theme', 'scopes', 'login_remember'])
            expect(after[claim], claim).to.deep.equal(before[claim]);
          expect(after.exp).to.equal((before.exp as number) + HALF);
          expect((await browser.send('get', '/me')).set).to.deep.equal([]);
        });

        it('lasts while it is used, and no longer than slidingExpiry after the login', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          for (let second = 0; second + 1200 < DAY; second += 1200) {
            clock.advance(1200);
            expect((await browser.send('get', '/me')).status).to.equal(200);
            expect(token(browser).exp).to.be.at.most((token(browser).login_at as number) / 1000 + DAY);
          }
          clock.advance(1200);
          expect((await browser.send('get', '/me')).status).to.equal(401);
        });

        it('ends when it is not used for so long', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(2 * HALF);
          expect((await browser.send('get', '/me')).status).to.equal(401);
        });

        it('ends with the browser after renewals too, and lasts with remember', async () => {
          const { browser, clock } = await served();
          for (const [path, maxAge] of [
            ['/login', undefined],
            ['/remember', '1800'],
          ] as const) {
            await browser.send('post', path);
            for (let time = 0; time < 3; time++) {
              clock.advance(HALF);
              const [cookie] = (await browser.send('get', '/me')).set;
              expect(cookie?.attributes['max-age']).to.equal(maxAge);
              expect(cookie?.attributes).to.include.keys('httponly', 'samesite', 'path');
            }
          }
        });

        it('is renewed in the second half of its cookie’s life, if that is shorter than the token’s', async () => {
          const { browser, clock } = await serve(start, { ...(options as object), cookie: { maxAge: 600 } });
          await browser.send('post', '/remember');
          clock.advance(299);
          expect((await browser.send('get', '/me')).set).to.deep.equal([]);
          clock.advance(1);
          const [cookie] = (await browser.send('get', '/me')).set;
          expect(cookie?.attributes['max-age']).to.equal('600');
        });

        it('is not renewed by a refused request', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const { status, set } = await browser.send('get', '/admin');
          expect([status, set]).to.deep.equal([403, []]);
        });

        it('is renewed by a handler that asks for more than the user may do, and answers all the same', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const { status, set } = await browser.send('get', '/menu');
          expect([status, set.length]).to.deep.equal([200, 1]);
        });

        it('is not renewed by a foreign page', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const { status, set } = await browser.send('post', '/logout', { Origin: 'https://evil.example' });
          expect([status, set]).to.deep.equal([403, []]);
        });

        it('is not renewed by the request that logs it out', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const answer = await browser.send('post', '/logout');
          expect(answer.status).to.equal(200);
          expect(browser.cookies.size).to.equal(0);
        });

        it('is the new login where a request in its second half logs in again', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const { set } = await browser.send('post', '/remember');
          expect(set.filter(({ name }) => name === 'access-token')).to.have.length(1);
          expect(token(browser).login_remember).to.equal(true);
        });

        it('is not renewed by a token in the header', async () => {
          const { browser, client, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const answer = await client.get('/me').set(bearer(browser.cookies.get('access-token') as string));
          expect([answer.status, answer.headers['set-cookie']]).to.deep.equal([200, undefined]);
        });

        it('is renewed by a streaming answer, which arrives whole', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          clock.advance(HALF);
          const { text, body, set } = await browser.send('get', '/streaming');
          expect(text ?? String(body)).to.equal('one two');
          expect(set).to.have.length(1);
        });

        it('logs nobody out of a hundred concurrent requests in ten tabs', async () => {
          const { browser, clock } = await served();
          await browser.send('post', '/login');
          const tabs = Array.from({ length: 10 }, () => browser.copy());
          for (let round = 0; round < 3; round++) {
            clock.advance(HALF + round);
            const answers = await Promise.all(
              tabs.flatMap((tab) => Array.from({ length: 10 }, () => tab.send('get', '/me'))),
            );
            expect([...new Set(answers.map(({ status }) => status))]).to.deep.equal([200]);
          }
        });
      });
    }

    it('is renewed by attachMiddleware, on open routes too', async () => {
      const { browser, clock } = await serve(start, {}, true);
      await browser.send('post', '/login');
      clock.advance(HALF);
      expect((await browser.send('get', '/open')).set).to.have.length(1);
    });

    it('ends with its session, in all its cookies', async () => {
      const { browser, clock, manager } = await serve(start);
      await browser.send('post', '/login');
      const old = browser.copy();
      clock.advance(HALF);
      await browser.send('get', '/me');
      await manager.endSession(token(browser).sid as string);
      for (const one of [old, browser]) expect((await one.send('get', '/me')).body.code).to.equal('token_revoked');
    });

    it('that has no record in the store ends in all its cookies, too', async () => {
      const { browser, clock, manager, client } = await serve(start);
      browser.cookies.set('access-token', manager.createAccessToken({ data: { sub: SUB } }));
      const thief = browser.copy();
      clock.advance(HALF);
      for (const one of [browser, thief]) expect((await one.send('get', '/me')).set).to.have.length(1);
      await browser.send('post', '/logout');
      expect((await thief.send('get', '/me')).body.code).to.equal('token_revoked');
      const other = new Browser(client);
      other.cookies.set('access-token', manager.createAccessToken({ data: { sub: SUB } }));
      expect((await other.send('get', '/me')).status).to.equal(200);
    });

    it('has one session, which was last used at its last renewal', async () => {
      const { browser, clock, manager, store } = await serve(start);
      await browser.send('post', '/login');
      const begin = clock.now;
      for (let time = 1; time <= 3; time++) {
        clock.advance(HALF);
        await browser.send('get', '/me');
        clock.advance(60);
        await browser.send('get', '/me');
      }
      const [session] = await manager.sessions(SUB);
      expect((session?.lastUsedAt.getTime() as number) - begin).to.equal((3 * HALF + 120) * 1000);
      expect(session?.expiresAt.getTime()).to.equal((token(browser).exp as number) * 1000);
      expect(store.size).to.equal(2);
    });
  });

  it('cannot be brought back by a renewal that races with revokeAll', async () => {
    const clock = new TestClock();
    const sessionStore = new MemorySessionStore(clock.tell);
    const options = { clock: clock.tell, useCookie: true, defaultExpiry: '30m', slidingExpiry: '1d', sessionStore };
    const manager = managerOf(options);
    const { browser } = await serve(starter('Express 5'), options);
    await browser.send('post', '/login');
    clock.advance(HALF);
    await Promise.all([browser.send('get', '/me'), manager.revokeAll(SUB), browser.copy().send('get', '/me')]);
    expect((await browser.send('get', '/me')).status).to.equal(401);
    expect(await manager.sessions(SUB)).to.deep.equal([]);
    closeServers();
  });

  it('is refused where it cannot be: without cookies, beside a refresh cookie, or not longer than defaultExpiry', () => {
    const sessionStore = new MemorySessionStore();
    for (const options of [
      { slidingExpiry: '1d' },
      { slidingExpiry: '1d', useCookie: true, sessionStore, refreshUrl: '/refresh' },
      { slidingExpiry: '15m', useCookie: true },
      { slidingExpiry: 0, useCookie: true },
      { slidingExpiry: 'soon', useCookie: true },
    ])
      expect(thrownBy(() => managerOf(options as never))).to.be.an.instanceOf(ConfigurationError);
  });
});
