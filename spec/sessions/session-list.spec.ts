import { expect } from 'chai';
import { Authorized, Get, JsonController, Post, Req, Res } from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { HttpRequest } from '../../src/http/request-context';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { rejection } from '../support/rejection';
import { type App, onEachServer, trustProxy } from '../support/servers';
import { fateOf, type Pair, Sessions } from '../support/sessions';
import { payloadOf } from '../support/tokens';

const SUB = 'ada@example.com';
const ada = { data: { sub: SUB }, refresh: true };

describe('sessions', () => {
  it('lists the logins of a user, the newest first', async () => {
    const sessions = new Sessions();
    const begin = sessions.clock.now;
    const first = await sessions.login();
    sessions.clock.advance(60);
    await sessions.login();
    await sessions.login('bob@example.com');
    sessions.clock.advance(60);
    await sessions.refresh(first);
    const found = await sessions.manager.sessions(SUB);
    expect(found.map(({ loginAt }) => loginAt.getTime() - begin)).to.deep.equal([60_000, 0]);
    expect(found.map(({ lastUsedAt }) => lastUsedAt.getTime() - begin)).to.deep.equal([60_000, 120_000]);
    expect(found.map(({ expiresAt }) => expiresAt.getTime() - begin)).to.deep.equal([
      30 * 24 * 3_600_000 + 60_000,
      30 * 24 * 3_600_000,
    ]);
    expect(found[1]?.id).to.equal(payloadOf(first.access_token).sid);
  });

  it('leaves out what has ended or expired', async () => {
    const sessions = new Sessions();
    const { manager } = sessions;
    const ended = await sessions.login();
    await manager.createTokenResponse({ data: { sub: SUB } });
    await sessions.login();
    await manager.revoke(ended.refresh_token);
    expect(await manager.sessions(SUB)).to.have.length(2);
    sessions.clock.advance(900);
    expect(await manager.sessions(SUB)).to.have.length(1);
    await manager.revokeAll(SUB);
    expect(await manager.sessions(SUB)).to.deep.equal([]);
  });

  it('is not touched by requests: a session is used by its refreshes', async () => {
    const sessions = new Sessions();
    const { access_token } = await sessions.login();
    sessions.clock.advance(60);
    await sessions.manager.getCurrentUser(access_token);
    const [found] = await sessions.manager.sessions(SUB);
    expect(found?.lastUsedAt).to.deep.equal(found?.loginAt);
  });

  it('is refused for what is no subject, and without a store that can list', async () => {
    const { manager } = new Sessions();
    for (const sub of [undefined, '', Number.NaN, {}])
      expect(await rejection(manager.sessions(sub as never))).to.be.an.instanceOf(ConfigurationError);
    expect(await rejection(managerOf().sessions(SUB))).to.be.an.instanceOf(ConfigurationError);
    const store = Object.assign(new MemorySessionStore(), { list: undefined }) as never;
    const error = await rejection(managerOf({ sessionStore: store }).sessions(SUB));
    expect(error).to.be.an.instanceOf(ConfigurationError);
    expect(error.message).to.include('list()');
  });
});

describe('endSession', () => {
  it('ends one login, and leaves the others alone', async () => {
    const sessions = new Sessions();
    const [one, other] = [await sessions.login(), await sessions.login()];
    await sessions.manager.endSession(payloadOf(one.access_token).sid as string);
    expect(await fateOf(sessions.manager, one.access_token)).to.equal('token_revoked');
    expect(await fateOf(sessions.manager, other.access_token)).to.equal('let in');
  });

  it('has no error for a login that has ended, and for an id of nothing', async () => {
    const sessions = new Sessions();
    const { access_token } = await sessions.login();
    const id = payloadOf(access_token).sid as string;
    for (const one of [id, id, 'nothing', '~.x', 'a.b', 'a.'.repeat(1000)]) await sessions.manager.endSession(one);
  });

  it('is refused for what is no id', async () => {
    const { manager } = new Sessions();
    for (const id of [undefined, null, '', 5, {}])
      expect(await rejection(manager.endSession(id as never))).to.be.an.instanceOf(ConfigurationError);
  });

  it('ends the last login of a user, and nothing is kept of it', async () => {
    const store = new MemorySessionStore();
    const manager = managerOf({ sessionStore: store });
    await manager.createTokenResponse(ada);
    const [session] = await manager.sessions(SUB);
    await manager.endSession(session?.id as string);
    expect(store.size).to.equal(0);
  });
});

describe('maxSessions', () => {
  it('ends the login that was used longest ago, not the oldest', async () => {
    const sessions = new Sessions({ maxSessions: 2 });
    const first = await sessions.login();
    sessions.clock.advance(10);
    const second = await sessions.login();
    sessions.clock.advance(10);
    const refreshed = await sessions.refresh(first);
    sessions.clock.advance(10);
    const third = await sessions.login();
    expect(await fateOf(sessions.manager, second.access_token)).to.equal('token_revoked');
    for (const { access_token } of [refreshed, third])
      expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
  });

  it('never ends the login that has just begun, in the same millisecond as the others too', async () => {
    const sessions = new Sessions({ maxSessions: 1 });
    for (let time = 0; time < 30; time++) {
      const { access_token } = await sessions.login();
      expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
    }
    expect(await sessions.manager.sessions(SUB)).to.have.length(1);
  });

  it('never ends the login that has just begun on a server whose clock is late', async () => {
    const clock = new TestClock();
    const sessionStore = new MemorySessionStore(clock.tell);
    const here = managerOf({ sessionStore, clock: clock.tell, maxSessions: 1 });
    const late = managerOf({ sessionStore, clock: () => clock.now - 5000, maxSessions: 1, clockTolerance: 5 });
    const before = await here.createTokenResponse(ada);
    const after = await late.createTokenResponse(ada);
    expect(await fateOf(late, before.access_token)).to.equal('token_revoked');
    expect(await fateOf(late, after.access_token)).to.equal('let in');
  });

  it('leaves as many as it says of logins that come at once', async () => {
    const { manager, login } = bound(new Sessions({ maxSessions: 3 }));
    await Promise.all(Array.from({ length: 20 }, () => login()));
    expect(await manager.sessions(SUB)).to.have.length(3);
  });

  it('counts the logins of one user alone', async () => {
    const sessions = new Sessions({ maxSessions: 1 });
    const pairs = [await sessions.login(), await sessions.login('bob@example.com')];
    for (const { access_token } of pairs) expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
  });
});

function bound(sessions: Sessions) {
  return { manager: sessions.manager, login: (): Promise<Pair> => sessions.login() };
}

describe('the client of a session', () => {
  onEachServer((start) => {
    async function served(options = {}) {
      const manager = managerOf({ sessionStore: new MemorySessionStore(), useCookie: true, ...options });

      @JsonController()
      class Routes {
        @Public()
        @Post('/login')
        async login(@Res() response: App) {
          await manager.login(response, { data: { sub: SUB } });
          return {};
        }

        @Authorized()
        @Get('/session')
        async session(@Req() request: HttpRequest) {
          return (await manager.authenticate(request)).session;
        }
      }
      const { client } = await start({ manager, controllers: [Routes], before: trustProxy });
      return { client, list: () => manager.sessions(SUB) };
    }

    it('is known by its address, as the framework gives it, and its user agent', async () => {
      const { client, list } = await served();
      await client.post('/login').set('X-Forwarded-For', '203.0.113.7').set('User-Agent', 'Firefox on Linux');
      const [{ address, userAgent } = {}] = await list();
      expect({ address, userAgent }).to.deep.equal({ address: '203.0.113.7', userAgent: 'Firefox on Linux' });
    });

    it('has both cut to 200 characters', async () => {
      const { client, list } = await served();
      await client.post('/login').set('X-Forwarded-For', '1'.repeat(300)).set('User-Agent', '"\\'.repeat(150));
      const [{ address, userAgent } = {}] = await list();
      expect(userAgent).to.equal('"\\'.repeat(100));
      expect(address?.length).to.be.at.most(200);
    });

    it('has no user agent when it sends none', async () => {
      const { client, list } = await served();
      await client.post('/login').unset('User-Agent');
      expect((await list())[0]).not.to.have.property('userAgent');
    });

    it('is not kept with keepClientDetails: false', async () => {
      const { client, list } = await served({ keepClientDetails: false });
      await client.post('/login').set('User-Agent', 'Firefox on Linux');
      expect((await list())[0]).to.have.all.keys('id', 'loginAt', 'lastUsedAt', 'expiresAt');
    });

    it('learns from authenticate() which session is its own', async () => {
      const { client, list } = await served();
      const login = await client.post('/login');
      const { body } = await client
        .get('/session')
        .set('Cookie', (login.headers['set-cookie'] as never as string[]).map(first));
      expect(body.id).to.equal((await list())[0]?.id);
    });
  });
});

function first(cookie: string): string {
  return cookie.split(';')[0] as string;
}
