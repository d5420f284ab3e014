import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post, Req, Res } from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { HttpRequest } from '../../src/http/request-context';
import type { LoginManagerOptions } from '../../src/manager/options';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { Browser } from '../support/browser';
import { TestClock } from '../support/clock';
import { bearer, foreign } from '../support/http';
import { rejection } from '../support/rejection';
import { type App, onEachServer, type Start } from '../support/servers';
import { failures, MoodyStore } from '../support/stores';

const ADA = { username: 'ada@example.com', password: 'x' };
const BOB = { username: 'bob@example.com', password: 'x' };
const own = { 'Sec-Fetch-Site': 'same-origin' };

/** A store of which one call fails. */
class StumblingStore extends MemorySessionStore {
  private calls = 0;
  private failing = 0;

  /** @param call - Which one from now on, from 1; 0 for none. */
  failAt(call: number): void {
    this.calls = 0;
    this.failing = call;
  }

  get hasFailed(): boolean {
    return this.calls >= this.failing;
  }

  override async read(...args: Parameters<MemorySessionStore['read']>) {
    this.count();
    return super.read(...args);
  }

  override async write(...args: Parameters<MemorySessionStore['write']>) {
    this.count();
    return super.write(...args);
  }

  override async age(...args: Parameters<MemorySessionStore['age']>) {
    this.count();
    return super.age(...args);
  }

  override async list(...args: Parameters<MemorySessionStore['list']>) {
    this.count();
    return super.list(...args);
  }

  private count(): void {
    if (++this.calls === this.failing) throw new Error('down');
  }
}

/** An application with a login and a logout page, its store and a browser. */
async function serve(start: Start, options: LoginManagerOptions<Account> = {}) {
  const clock = new TestClock();
  const memory = new MemorySessionStore(clock.tell);
  const store = new MoodyStore(memory);
  const manager = managerOf({
    clock: clock.tell,
    sessionStore: store,
    useCookie: true,
    refreshUrl: '/refresh',
    ...options,
  });

  @JsonController()
  class Pages {
    @Public()
    @Post('/login')
    async login(@PasswordForm() form: OAuth2PasswordRequestForm, @Res() response: App) {
      await manager.login(response, { data: { sub: form.username } });
      return {};
    }

    @Public()
    @Post('/remember')
    async remember(@PasswordForm() form: OAuth2PasswordRequestForm, @Res() response: App) {
      await manager.login(response, { data: { sub: form.username }, scopes: ['notes'], remember: true });
      return {};
    }

    @Public()
    @Post('/too-long')
    async tooLong(@PasswordForm() form: OAuth2PasswordRequestForm, @Res() response: App) {
      await manager.login(response, { data: { sub: form.username, text: 'x'.repeat(9000) } });
      return {};
    }

    @Public()
    @Post('/login-without-refresh')
    async withoutRefresh(@PasswordForm() form: OAuth2PasswordRequestForm, @Res() response: App) {
      manager.setCookie(response, await manager.createTokenResponse({ data: { sub: form.username } }));
      return {};
    }

    @Public()
    @Post('/refresh')
    async refresh(@Req() request: HttpRequest, @Res() response: App) {
      manager.setCookie(response, await manager.refresh(request));
      return {};
    }

    @Public()
    @Post('/logout')
    async logout(@Req() request: HttpRequest, @Res() response: App) {
      await manager.logout(request, response);
      return {};
    }

    @Authorized()
    @Get('/me')
    me(@CurrentUser() account: Account) {
      return account;
    }
  }
  const { client } = await start({ manager, controllers: [Pages] });
  return { clock, memory, store, manager, client, browser: new Browser(client) };
}

describe('login()', () => {
  onEachServer((start) => {
    it('logs a browser in, and is not stored', async () => {
      const { browser } = await serve(start);
      const login = await browser.send('post', '/login', own, ADA);
      expect(login.status).to.equal(200);
      expect(login.headers['cache-control']).to.equal('no-store');
      expect((await browser.send('get', '/me')).body.email).to.equal('ada@example.com');
      expect((await browser.send('post', '/refresh')).status).to.equal(200);
      expect((await browser.send('get', '/me')).body.email).to.equal('ada@example.com');
    });

    it('sets cookies that end with the browser, and lasting ones with remember', async () => {
      const { browser } = await serve(start);
      const brief = await browser.send('post', '/login', own, ADA);
      expect(brief.set.map(({ name, attributes }) => [name, attributes['max-age']]).sort()).to.deep.equal([
        ['access-token', undefined],
        ['access-token-refresh', undefined],
      ]);
      const lasting = await browser.send('post', '/remember', own, ADA);
      expect(lasting.set.map(({ name, attributes }) => [name, attributes['max-age']]).sort()).to.deep.equal([
        ['access-token', '900'],
        ['access-token-refresh', String(30 * 24 * 3600)],
      ]);
      for (const { attributes } of [...brief.set, ...lasting.set]) expect(attributes).to.have.property('httponly');
    });

    it('ends with the browser after renewals too, and lasts with remember', async () => {
      const { browser } = await serve(start);
      for (const [path, ages] of [
        ['/login', [undefined, undefined]],
        ['/remember', ['900', String(30 * 24 * 3600)]],
      ] as const) {
        await browser.send('post', path, own, ADA);
        for (let time = 0; time < 2; time++) {
          const renewed = await browser.send('post', '/refresh');
          expect(renewed.set.map(({ name }) => name).sort()).to.deep.equal(['access-token', 'access-token-refresh']);
          expect(renewed.set.map(({ attributes }) => attributes['max-age']).sort(), path).to.deep.equal(
            [...ages].sort(),
          );
        }
      }
    });

    it('that fails because the token would be too long ends no other login, and leaves none', async () => {
      const { browser, client, manager } = await serve(start, { maxSessions: 2 });
      const other = new Browser(client);
      await other.send('post', '/login', own, ADA);
      await browser.send('post', '/login', own, ADA);
      const before = await manager.sessions(ADA.username);
      for (let time = 0; time < 3; time++) {
        const failed = await browser.send('post', '/too-long', own, ADA);
        expect([failed.status, failed.set]).to.deep.equal([500, []]);
      }
      expect(await manager.sessions(ADA.username)).to.deep.equal(before);
      for (const one of [other, browser]) expect((await one.send('get', '/me')).status).to.equal(200);
    });

    it('leaves no session behind if the store fails at any step of it', async () => {
      const store = new StumblingStore();
      const { browser, manager } = await serve(start, { sessionStore: store, maxSessions: 3 });
      await browser.send('post', '/login', own, ADA);
      let failed = 0;
      for (let call = 1; ; call++) {
        store.failAt(call);
        const answer = await browser.send('post', '/login', own, ADA);
        if (!store.hasFailed) break;
        store.failAt(0);
        if (answer.status === 503) failed += 1;
        if (answer.status === 503) expect(answer.set).to.deep.equal([]);
        expect((await manager.sessions(ADA.username)).length, `call ${call}`).to.be.at.most(1);
      }
      store.failAt(0);
      expect(failed).to.be.above(5);
      expect((await browser.send('get', '/me')).status).to.equal(200);
      expect(await manager.sessions(ADA.username)).to.have.length(1);
    });

    it('ends the session that the browser had, whoever began it', async () => {
      const { browser, manager } = await serve(start);
      await browser.send('post', '/login', own, ADA);
      const thief = browser.copy();
      const [{ id: before } = { id: '' }] = await manager.sessions(ADA.username);
      await browser.send('post', '/login', own, ADA);
      const after = await manager.sessions(ADA.username);
      expect(after).to.have.length(1);
      expect(after[0]?.id).not.to.equal(before);
      expect((await thief.send('get', '/me')).body.code).to.equal('token_revoked');
      expect((await thief.send('post', '/refresh')).status).to.equal(400);
      expect((await browser.send('get', '/me')).status).to.equal(200);
    });

    it('ends the session of an expired cookie too', async () => {
      const { browser, manager, clock } = await serve(start);
      await browser.send('post', '/login', own, ADA);
      clock.advance(3600);
      await browser.send('post', '/login', own, BOB);
      expect(await manager.sessions(ADA.username)).to.deep.equal([]);
      expect((await browser.send('get', '/me')).body.email).to.equal('bob@example.com');
    });

    it('takes the place of the session that it ends, so that maxSessions ends no other', async () => {
      const { browser, client, manager } = await serve(start, { maxSessions: 2 });
      const other = new Browser(client);
      await other.send('post', '/login', own, ADA);
      for (let time = 0; time < 3; time++) await browser.send('post', '/login', own, ADA);
      expect(await manager.sessions(ADA.username)).to.have.length(2);
      for (const one of [other, browser]) expect((await one.send('get', '/me')).status).to.equal(200);
    });

    it('is refused to a foreign page, before anything has happened', async () => {
      const { browser, manager } = await serve(start);
      await browser.send('post', '/login', own, ADA);
      const answer = await browser.send('post', '/login', foreign, BOB);
      expect([answer.status, answer.body.code, answer.set]).to.deep.equal([403, 'cross_origin', []]);
      expect(await manager.sessions(ADA.username)).to.have.length(1);
      expect(await manager.sessions(BOB.username)).to.deep.equal([]);
    });

    it('is a 503 while the store is down, and sets no cookie', async () => {
      const { browser, store } = await serve(start);
      store.mood = failures.rejects;
      const answer = await browser.send('post', '/login', own, ADA);
      expect([answer.status, answer.set]).to.deep.equal([503, []]);
      expect(answer.headers['retry-after']).to.equal('1');
    });

    it('needs no store if it has no refresh token, whatever cookie the browser has', async () => {
      const { browser, store } = await serve(start, { refreshUrl: undefined, slidingExpiry: '30d' });
      await browser.send('post', '/login', own, ADA);
      store.mood = failures.rejects;
      expect((await browser.send('post', '/login', own, BOB)).status).to.equal(200);
      store.mood = undefined;
      expect((await browser.send('get', '/me')).body.email).to.equal('bob@example.com');
    });
  });

  it('verifies no token of what it has just signed', async () => {
    const asked: unknown[] = [];
    const manager = managerOf({ useCookie: true, sessionStore: new MemorySessionStore(), refreshUrl: '/refresh' });
    const { verifier } = (manager as never as { services: { cookies: { parts: { verifier: object } } } }).services
      .cookies.parts as { verifier: Record<string, (...args: unknown[]) => unknown> };
    for (const name of ['verify', 'verifyRefreshToken']) {
      const method = (verifier[name] as (...args: unknown[]) => unknown).bind(verifier);
      verifier[name] = (...args) => {
        asked.push(name);
        return method(...args);
      };
    }
    const response = await manager.createTokenResponse({ data: { sub: ADA.username }, refresh: true });
    manager.setCookie(fakeResponse(), response);
    expect(asked).to.deep.equal([]);
    manager.setCookie(fakeResponse(), { ...response });
    expect(asked).to.deep.equal(['verify', 'verifyRefreshToken']);
  });

  it('is refused to a manager without cookies', async () => {
    const error = await rejection(managerOf().login(fakeResponse(), { data: { sub: 'ada' } }));
    expect(error).to.be.an.instanceOf(ConfigurationError);
  });

  it('is refused without a response', async () => {
    for (const response of [undefined, null, {}]) {
      const login = managerOf({ useCookie: true }).login(response as never, { data: { sub: 'ada' } });
      expect(await rejection(login)).to.be.an.instanceOf(ConfigurationError);
    }
  });
});

describe('a login without a refresh token', () => {
  onEachServer((start) => {
    it('clears the refresh cookie of the user before: a renewal does not bring that user back', async () => {
      const { browser } = await serve(start);
      await browser.send('post', '/remember', own, ADA);
      await browser.send('post', '/login-without-refresh', own, BOB);
      expect([...browser.cookies.keys()]).to.deep.equal(['access-token']);
      expect((await browser.send('post', '/refresh')).status).to.equal(400);
      expect((await browser.send('get', '/me')).body.email).to.equal('bob@example.com');
    });
  });
});

describe('logout()', () => {
  onEachServer((start) => {
    it('ends the session and clears the cookies', async () => {
      const { browser, memory } = await serve(start);
      await browser.send('post', '/login', own, ADA);
      const thief = browser.copy();
      expect((await browser.send('post', '/logout')).status).to.equal(200);
      expect(browser.cookies.size).to.equal(0);
      expect((await thief.send('get', '/me')).body.code).to.equal('token_revoked');
      expect((await thief.send('post', '/refresh')).status).to.equal(400);
      expect(memory.size).to.be.at.most(1);
    });

    it('ends the session after the access token has expired, too', async () => {
      const { browser, manager, clock } = await serve(start);
      await browser.send('post', '/remember', own, ADA);
      clock.advance(3600);
      expect((await browser.send('post', '/logout')).status).to.equal(200);
      expect(await manager.sessions(ADA.username)).to.deep.equal([]);
    });

    it('ends the sessions of doubled cookies', async () => {
      const { client, manager } = await serve(start);
      const cookies: string[] = [];
      for (const user of [ADA, BOB]) {
        const one = new Browser(client);
        await one.send('post', '/login', own, user);
        cookies.push(`access-token=${one.cookies.get('access-token')}`);
      }
      await client.post('/logout').set(own).set('Cookie', cookies.join('; '));
      for (const { username } of [ADA, BOB]) expect(await manager.sessions(username)).to.deep.equal([]);
    });

    it('ends the session of a token in the header', async () => {
      const { client, manager } = await serve(start);
      const { access_token } = await manager.createTokenResponse({ data: { sub: ADA.username }, refresh: true });
      expect((await client.post('/logout').set(bearer(access_token))).status).to.equal(200);
      expect(await manager.sessions(ADA.username)).to.deep.equal([]);
    });

    it('is no error for who is not logged in, or has garbage', async () => {
      const { client } = await serve(start);
      for (const headers of [{}, { Cookie: 'access-token=garbage' }, bearer('garbage')])
        expect((await client.post('/logout').set({ ...own, ...headers })).status).to.equal(200);
    });

    it('is refused to a foreign page, and clears and ends nothing', async () => {
      const { browser, manager } = await serve(start);
      await browser.send('post', '/login', own, ADA);
      const answer = await browser.send('post', '/logout', foreign);
      expect([answer.status, answer.set]).to.deep.equal([403, []]);
      expect(await manager.sessions(ADA.username)).to.have.length(1);
    });

    it('clears the cookies and is a 503 while the store is down', async () => {
      const { browser, store } = await serve(start);
      await browser.send('post', '/login', own, ADA);
      store.mood = failures.rejects;
      const answer = await browser.send('post', '/logout');
      expect(answer.status).to.equal(503);
      expect(browser.cookies.size).to.equal(0);
    });

    it('works without a store: the cookie is cleared', async () => {
      const { browser } = await serve(start, { sessionStore: undefined, refreshUrl: undefined } as never);
      await browser.send('post', '/login', own, ADA);
      expect((await browser.send('post', '/logout')).status).to.equal(200);
      expect(browser.cookies.size).to.equal(0);
    });
  });
});

describe('setCookie() with what is no token', () => {
  const manager = managerOf({ useCookie: true, sessionStore: new MemorySessionStore() });

  it('says that a promise must be awaited', async () => {
    const promise = manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
    expect(() => manager.setCookie(fakeResponse(), promise as never)).to.throw(ConfigurationError, /await/);
    await promise;
  });

  for (const junk of [undefined, null, 5, true, {}, [], { access_token: 5 }, () => 'token']) {
    it(`refuses ${typeof junk} ${JSON.stringify(junk)} with a ConfigurationError`, () => {
      expect(() => manager.setCookie(fakeResponse(), junk as never)).to.throw(ConfigurationError);
    });
  }
});

/** A response without a request. */
function fakeResponse(): never {
  const headers: Record<string, unknown> = {};
  return {
    getHeader: (name: string) => headers[name],
    setHeader(name: string, value: unknown) {
      headers[name] = value;
      return this;
    },
  } as never;
}
