import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post, Req, UseBefore } from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { ServiceUnavailableError } from '../../src/errors/service-unavailable-error';
import type { HttpRequest } from '../../src/http/request-context';
import type { LoginManager } from '../../src/manager/login-manager';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { badTokens } from '../support/bad-tokens';
import { bearer, cookie, foreign } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { rejection } from '../support/rejection';
import {
  type App,
  closeServers,
  onEachFramework,
  onEachSecureServer,
  type RunningServer,
  starter,
} from '../support/servers';
import { capturingStderr } from '../support/stderr';
import { failures, MoodyStore, STORE_TIMEOUT } from '../support/stores';
import { forge } from '../support/tokens';
import { refusingUnhandledRejections } from '../support/unhandled';

/** More than a busy machine takes for an answer, and far less than storeTimeout's default. */
const PATIENCE = STORE_TIMEOUT + 700;

let entered = 0;

function passOn(...args: App[]) {
  return args.at(-1)();
}

function controllerOf(manager: LoginManager<Account>) {
  @JsonController()
  class Routes {
    @Authorized()
    @Get('/guarded')
    guarded() {
      entered++;
      return {};
    }

    @Get('/required')
    required(@CurrentUser({ required: true }) account: Account) {
      entered++;
      return account;
    }

    @Get('/by-hand')
    async byHand(@Req() request: HttpRequest) {
      await manager.authenticate(request);
      entered++;
      return {};
    }

    @Get('/optional')
    async optional(@Req() request: HttpRequest) {
      await manager.optional(request);
      entered++;
      return {};
    }

    @Authorized()
    @Post('/logout')
    async logout() {
      entered++;
      return {};
    }

    @Post('/revoke')
    async revoke(@Req() request: HttpRequest) {
      await manager.revoke(request);
      entered++;
      return {};
    }

    @Public()
    @Get('/open')
    open() {
      return { open: true };
    }

    @Public()
    @UseBefore(passOn)
    @Get('/open-with-middleware')
    openWithMiddleware() {
      return { open: true };
    }
  }
  return Routes;
}

const guarded = ['/guarded', '/required', '/by-hand', '/optional'];

function expectUnavailable(response: { status: number; body: object; get: (name: string) => unknown }, what: string) {
  expect([what, response.status]).to.deep.equal([what, 503]);
  expect(response.body).to.deep.equal({
    name: 'ServiceUnavailableError',
    message: 'Authentication is temporarily unavailable',
    code: 'service_unavailable',
  });
  expect(response.get('Retry-After'), what).to.match(/^[1-9]\d*$/);
}

type Start = (manager: LoginManager<Account>, before?: (app: App) => void) => Promise<RunningServer>;

function specs(start: Start, isSecure: boolean): void {
  let store: MoodyStore;
  let manager: LoginManager<Account>;
  let server: RunningServer;
  let good: Record<string, string>;

  refusingUnhandledRejections();

  beforeEach(async () => {
    store = new MoodyStore();
    manager = managerOf({ sessionStore: store, storeTimeout: `${STORE_TIMEOUT}ms`, useCookie: true });
    good = bearer(tokenOf(manager));
    server = await start(manager);
    entered = 0;
  });

  for (const how of ['rejects', 'throws synchronously', 'never answers', 'answers with NaN']) {
    it(`answer 503 in time while the store ${how}, let nobody in, and heal`, async () => {
      const written = await capturingStderr(async () => {
        store.mood = failures[how];
        const begin = performance.now();
        const answers = await Promise.all(guarded.map((path) => server.client.get(path).set(good)));
        expect(performance.now() - begin).to.be.below(PATIENCE);
        for (const [index, answer] of answers.entries()) expectUnavailable(answer, guarded[index] as string);
        expect(entered).to.equal(0);
        expect(store.calls, 'one question for each request').to.equal(guarded.length);

        store.mood = undefined;
        for (const path of guarded) expect((await server.client.get(path).set(good)).status).to.equal(200);
      });
      expect(written).to.equal('');
    });
  }

  describe('while the store is down', () => {
    beforeEach(() => {
      store.mood = failures.rejects;
    });

    it('answer 401 to bad tokens, and do not ask the store', async () => {
      const aged = tokenOf(managerOf({ sessionStore: store, clock: () => Date.now() - 3_600_000 }));
      const bad = [
        aged,
        ...Object.values(badTokens)
          .filter(({ code }) => code === 'token_invalid')
          .map(({ token }) => token),
      ];
      for (const token of bad) {
        for (const path of guarded.slice(0, 3)) {
          expect((await server.client.get(path).set(bearer(token))).status).to.equal(401);
        }
        expect((await server.client.get('/optional').set(bearer(token))).status).to.equal(200);
      }
      for (const path of guarded.slice(0, 3)) expect((await server.client.get(path)).status).to.equal(401);
      expect(store.calls).to.equal(0);
    });

    it('answer 403 to foreign pages, and do not ask the store', async () => {
      const answer = await server.client
        .post('/logout')
        .set(cookie(tokenOf(manager)))
        .set(foreign);
      expect([answer.status, answer.body.code]).to.deep.equal([403, 'cross_origin']);
      expect(store.calls).to.equal(0);
    });

    it('serve open routes', async () => {
      for (const path of ['/open', '/open-with-middleware']) {
        for (const credentials of [{}, bearer('garbage'), good]) {
          expect((await server.client.get(path).set(credentials)).body).to.deep.equal({ open: true });
        }
      }
    });

    it('answer 503 where the session should end: it has not', async () => {
      const written = await capturingStderr(async () => {
        expectUnavailable(await server.client.post('/revoke').set(good), '/revoke');
      });
      expect(written).to.equal('');
      expect(entered).to.equal(0);
      store.mood = undefined;
      expect((await server.client.get('/guarded').set(good)).status).to.equal(200);
    });

    it('keep the connection', async () => {
      const client = new KeepAliveClient(server.url);
      const statuses: number[] = [];
      const retryAfter: unknown[] = [];
      for (let time = 0; time < 5; time++) {
        for (const path of guarded) {
          const answer = await client.send({ path, headers: good });
          statuses.push(answer.status);
          retryAfter.push(answer.headers['retry-after']);
        }
      }
      expect(new Set(statuses)).to.deep.equal(new Set([503]));
      expect(new Set(retryAfter)).to.deep.equal(new Set(['1']));
      expect(client.connections).to.equal(1);
      client.close();
    });

    it('answer 503 whatever exceptions the application has of its own', async () => {
      class LoginNeeded extends Error {}
      const own = managerOf({ sessionStore: store, notAuthenticatedException: LoginNeeded });
      const { client } = await start(own);
      expectUnavailable(await client.get('/guarded').set(bearer(tokenOf(own))), '/guarded');
    });
  });

  describe('with attachMiddleware', () => {
    beforeEach(async () => {
      server = await start(manager, (app) => manager.attachMiddleware(app));
      store.mood = failures.rejects;
    });

    it('serve open routes to requests without a good token while the store is down', async () => {
      for (const credentials of [{}, bearer('garbage'), cookie('garbage')]) {
        expect((await server.client.get('/open').set(credentials)).body).to.deep.equal({ open: true });
      }
      expect(store.calls).to.equal(0);
    });

    it('serve open routes to one with a good token, too, whose user cannot be told', async () => {
      const { status, body } = await server.client.get('/open').set(good);
      expect([status, body]).to.deep.equal([200, { open: true }]);
    });

    it('answer 503 to one with a good token, where a user is required', async () => {
      let answer: { status: number; get: (name: string) => unknown } | undefined;
      await capturingStderr(async () => {
        answer = await server.client.get('/guarded').set(good);
      });
      expect(answer?.status).to.equal(503);
      expect(answer?.get('Retry-After')).to.equal('1');
      expect(entered).to.equal(0);
      store.mood = undefined;
      expect((await server.client.get('/guarded').set(good)).status).to.equal(200);
    });
  });

  it('ask the store once a request, however often the user is asked for', async () => {
    server = await start(manager, (app) => manager.attachMiddleware(app));
    await server.client.get('/required').set(good);
    await server.client.get('/by-hand').set(good);
    expect(store.calls).to.equal(2);
  });

  if (isSecure) {
    it('still serve public routes, to a request with a good token too', async () => {
      store.mood = failures.rejects;
      const { status, body } = await server.client.get('/open').set(good);
      expect([status, body]).to.deep.equal([200, { open: true }]);
    });
  }
}

describe('servers whose store fails', () => {
  afterEach(closeServers);

  onEachFramework((_, framework) => {
    specs((manager, before) => starter(framework)({ manager, before, controllers: [controllerOf(manager)] }), false);
  });
});

describe('secure servers whose store fails', () => {
  onEachSecureServer((_, framework) => {
    specs(
      (manager, before) => starter(framework, 'secure')({ manager, before, controllers: [controllerOf(manager)] }),
      true,
    );
  });
});

describe('a manager whose store fails', () => {
  refusingUnhandledRejections();

  for (const [how, mood] of Object.entries(failures)) {
    it(`answers no question while the store ${how}`, async () => {
      const store = new MoodyStore();
      const data = { sub: 'ada@example.com' };
      const login = managerOf({ sessionStore: store });
      const { access_token, refresh_token = '' } = await login.createTokenResponse({ data, refresh: true });
      const oneTime = login.createOneTimeToken({ purpose: 'test', sub: 'ada', expires: '1h' });
      const sessions = await login.sessions(data.sub);
      const questions: Record<string, (manager: LoginManager<Account>) => Promise<unknown>> = {
        hasScopes: (manager) => manager.hasScopes(access_token, []),
        getCurrentUser: (manager) => manager.getCurrentUser(access_token),
        refresh: (manager) => manager.refresh(refresh_token),
        revoke: (manager) => manager.revoke(access_token),
        'revoke, of a session': (manager) => manager.revoke(refresh_token),
        revokeAll: (manager) => manager.revokeAll(data.sub),
        redeem: (manager) => manager.redeem(oneTime, 'test'),
        endSession: (manager) => manager.endSession(sessions[0]?.id as string),
        'a login with a refresh token': (manager) => manager.createTokenResponse({ data, refresh: true }),
      };
      if (how !== 'answers too few') questions.sessions = (manager) => manager.sessions(data.sub);
      store.mood = mood;
      for (const [name, ask] of Object.entries(questions)) {
        // Each by a manager of its own: after five failures one would not ask any more.
        const manager = managerOf({ sessionStore: store, storeTimeout: `${STORE_TIMEOUT}ms` });
        expect(await rejection(ask(manager)), name).to.be.an.instanceOf(ServiceUnavailableError);
      }
      store.mood = undefined;
      expect(await login.getCurrentUser(access_token)).to.include({ email: data.sub });
      expect(await login.refresh(refresh_token), 'the token was not used up').to.have.property('access_token');
      expect(await login.redeem(oneTime, 'test'), 'nor was this').to.have.property('sub', 'ada');
    });
  }

  it('waits no longer than a second, where nothing else is said', async () => {
    const store = new MoodyStore();
    store.mood = failures['never answers'];
    const manager = managerOf({ sessionStore: store });
    const begin = performance.now();
    await rejection(manager.getCurrentUser(tokenOf(manager)));
    expect(performance.now() - begin).to.be.within(990, 1900);
  });

  it('logs in all the same without a refresh token: its token is let in when the store can be asked again', async () => {
    const store = new MoodyStore();
    const manager = managerOf({ sessionStore: store });
    store.mood = failures.rejects;
    const { access_token } = await manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
    await rejection(manager.getCurrentUser(access_token));
    store.mood = undefined;
    expect(await manager.getCurrentUser(access_token)).to.include({ email: 'ada@example.com' });
    await manager.revokeAll('ada@example.com');
    await rejection(manager.getCurrentUser(access_token));
  });

  it('is left alone after five failures in a row: bad tokens are refused, and open routes are served, as always', async () => {
    const store = new MoodyStore();
    const manager = managerOf({ sessionStore: store });
    const token = tokenOf(manager);
    store.mood = failures.rejects;
    for (let time = 0; time < 30; time++)
      expect((await rejection(manager.getCurrentUser(token))).code).to.equal('service_unavailable');
    expect(store.calls).to.equal(5);
    expect((await rejection(manager.getCurrentUser('garbage'))).code).to.equal('token_invalid');
  });

  it('does not ask about a token of a family twice: one question for each check', async () => {
    const store = new MoodyStore(new MemorySessionStore());
    const manager = managerOf({ sessionStore: store });
    await manager.getCurrentUser(tokenOf(manager));
    await manager.getCurrentUser(forge({ payload: { sub: 'ada@example.com', exp: Date.now() / 1000 + 60 } }));
    expect(store.calls).to.equal(2);
  });
});

describe('the endpoints of a manager whose store fails', () => {
  onEachFramework((_, framework) => {
    for (const starting of ['routing-controllers’ own servers', 'secure servers']) {
      it(`answer 503 with Retry-After on ${starting}, and keep the connection`, async () => {
        const store = new MoodyStore();
        const manager = managerOf({ sessionStore: store, storeTimeout: `${STORE_TIMEOUT}ms` });
        const controllers = [tokenEndpoints(manager, { verifyPassword: (sub) => ({ data: { sub } }) })];
        const start = starting === 'secure servers' ? starter(framework, 'secure') : starter(framework);
        const { url } = await start({ manager, controllers });
        const client = new KeepAliveClient(url);
        const send = (path: string, fields: Record<string, string>) => {
          const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
          return client.send({ path, method: 'POST', headers, body: new URLSearchParams(fields).toString() });
        };
        const login = await send('/login', { username: 'ada@example.com', password: 'x' });
        const { access_token, refresh_token } = JSON.parse(login.body);
        store.mood = failures.rejects;
        const written = await capturingStderr(async () => {
          for (const answer of [
            await send('/login', { grant_type: 'refresh_token', refresh_token }),
            await send('/login/revoke', { token: access_token }),
            await send('/login/revoke', { token: refresh_token }),
          ]) {
            expect(answer.status).to.equal(503);
            expect(answer.headers).to.include({ 'retry-after': '1', 'cache-control': 'no-store' });
          }
          expect((await send('/login/revoke', { token: 'garbage' })).status).to.equal(200);
          expect((await send('/login', { grant_type: 'refresh_token', refresh_token: 'x' })).status).to.equal(400);
        });
        expect(written).to.equal('');
        expect(client.connections).to.equal(1);
        client.close();
        store.mood = undefined;
        expect(await manager.refresh(refresh_token)).to.have.property('access_token');
      });
    }
  });
});
