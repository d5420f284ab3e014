import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post, Req } from 'routing-controllers';
import type { HttpRequest } from '../../src/http/request-context';
import type { LoginManager } from '../../src/manager/login-manager';
import type { Account } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { rejection } from '../support/rejection';
import {
  type App,
  closeServers,
  onEachFramework,
  onEachSecureServer,
  type RunningServer,
  starter,
} from '../support/servers';
import { fateOf, refusalOf, Sessions } from '../support/sessions';

/** An application that asks for the user in every way there is, and can log out. */
function controllerOf(manager: LoginManager<Account>) {
  @JsonController()
  class Routes {
    @Authorized()
    @Get('/guarded')
    guarded() {
      return { email: 'let in' };
    }

    @Get('/greeting')
    greeting(@CurrentUser() account: Account | null) {
      return { email: account?.email ?? 'nobody' };
    }

    @Get('/required')
    required(@CurrentUser({ required: true }) account: Account) {
      return { email: account.email };
    }

    @Get('/optional')
    async optional(@Req() request: HttpRequest) {
      return { email: (await manager.optional(request))?.email ?? 'nobody' };
    }

    @Get('/by-hand')
    async byHand(@Req() request: HttpRequest) {
      return { email: (await manager.authenticate(request)).user.email };
    }

    @Get('/middleware')
    middleware(@Req() request: App) {
      return { email: request.user?.email ?? 'nobody' };
    }

    @Post('/logout')
    async logout(@Req() request: HttpRequest) {
      await manager.revoke(request);
      return {};
    }
  }
  return Routes;
}

const refusing = ['/guarded', '/required', '/by-hand'];
const open = ['/greeting', '/optional', '/middleware'];

function specs(start: (sessions: Sessions, before: (app: App) => void) => Promise<RunningServer>): void {
  let sessions: Sessions;
  let client: RunningServer['client'];

  beforeEach(async () => {
    sessions = new Sessions({ useCookie: true, refreshUrl: '/token' });
    ({ client } = await start(sessions, (app) => sessions.manager.attachMiddleware(app)));
  });

  async function expectLetIn(credentials: Record<string, string>) {
    for (const path of [...refusing, ...open]) {
      const { status, body } = await client.get(path).set(credentials);
      expect({ path, status, ...body }).to.deep.equal({
        path,
        status: 200,
        email: path === '/guarded' ? 'let in' : 'ada@example.com',
      });
    }
  }

  async function expectRevoked(credentials: Record<string, string>) {
    for (const path of refusing) {
      const response = await client.get(path).set(credentials);
      expect([path, response.status, response.body.code]).to.deep.equal([path, 401, 'token_revoked']);
      expect(response.get('WWW-Authenticate')).to.equal(
        'Bearer realm="api", error="invalid_token", error_description="The access token was revoked"',
      );
    }
    for (const path of open) {
      const { status, body } = await client.get(path).set(credentials);
      expect({ path, status, ...body }).to.deep.equal({ path, status: 200, email: 'nobody' });
    }
  }

  it('refuse a revoked token wherever the user is asked for', async () => {
    const { access_token } = await sessions.login();
    for (const credentials of [bearer(access_token), cookie(access_token)]) await expectLetIn(credentials);
    await sessions.manager.revoke(access_token);
    for (const credentials of [bearer(access_token), cookie(access_token)]) await expectRevoked(credentials);
  });

  it('refuse a token of a subject or a family that was revoked', async () => {
    const [one, other] = [await sessions.login(), await sessions.login()];
    await sessions.manager.revoke(one.refresh_token);
    await expectRevoked(bearer(one.access_token));
    await expectLetIn(bearer(other.access_token));
    await sessions.manager.revokeAll('ada@example.com');
    await expectRevoked(bearer(other.access_token));
    await expectLetIn(bearer((await sessions.login()).access_token));
  });

  describe('revoke(request)', () => {
    it('ends the family of the token in the header', async () => {
      const first = await sessions.login();
      const second = await sessions.refresh(first);
      const other = await sessions.login();
      expect((await client.post('/logout').set(bearer(second.access_token))).status).to.equal(200);
      await expectRevoked(bearer(first.access_token));
      expect(await refusalOf(sessions.refresh(second))).to.match(/^invalid_grant/);
      await expectLetIn(bearer(other.access_token));
    });

    it('ends the family of the token in the cookie, until its last token has expired', async () => {
      const first = await sessions.login(undefined, { expires: '30d' });
      sessions.clock.advance(600);
      const second = await sessions.refresh(first);
      await client.post('/logout').set(cookie(second.access_token));
      sessions.clock.advance(30 * 24 * 3600 - 601);
      await expectRevoked(cookie(first.access_token));
      expect(await refusalOf(sessions.refresh(second))).to.match(/^invalid_grant: The session has ended/);
    });

    it('ends the family of the refresh cookie, where the other cookie is gone', async () => {
      const pair = await sessions.login();
      await client.post('/logout').set(cookie(pair.refresh_token, 'access-token-refresh'));
      await expectRevoked(bearer(pair.access_token));
    });

    it('ends a token without claims of a session alone', async () => {
      const { clock, manager } = new Sessions();
      const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
      expect(clock.now).to.equal(sessions.clock.now);
      await client.post('/logout').set(bearer(token));
      expect(await fateOf(sessions.manager, token)).to.equal('token_revoked');
    });

    it('says nothing where the request bears nothing good', async () => {
      for (const credentials of [{}, bearer('garbage'), cookie('garbage'), cookie('x', 'access-token-refresh')]) {
        expect((await client.post('/logout').set(credentials)).status).to.equal(200);
      }
    });

    it('is not for foreign pages, which can send the cookie', async () => {
      const { access_token, refresh_token } = await sessions.login();
      for (const credentials of [cookie(access_token), cookie(refresh_token, 'access-token-refresh'), {}]) {
        const { status, body } = await client.post('/logout').set(credentials).set(foreign);
        expect([status, body.code]).to.deep.equal([403, 'cross_origin']);
      }
      await expectLetIn(cookie(access_token));
    });

    it('is for pages of any origin that send the token in the header, as every request with it is', async () => {
      const { access_token } = await sessions.login();
      expect((await client.post('/logout').set(bearer(access_token)).set(foreign)).status).to.equal(200);
      await expectRevoked(bearer(access_token));
    });
  });
}

describe('requests', () => {
  afterEach(closeServers);

  onEachFramework((_, framework) =>
    specs(({ manager }, before) => starter(framework)({ manager, before, controllers: [controllerOf(manager)] })),
  );
});

describe('requests, on secure servers', () => {
  onEachSecureServer((_, framework) =>
    specs(({ manager }, before) =>
      starter(framework, 'secure')({ manager, before, controllers: [controllerOf(manager)] }),
    ),
  );
});

describe('questions by hand', () => {
  it('refuse a revoked token', async () => {
    const sessions = new Sessions();
    const { access_token } = await sessions.login(undefined, { scopes: ['a'] });
    expect(await sessions.manager.hasScopes(access_token, 'a')).to.equal(true);
    await sessions.manager.revoke(access_token);
    for (const question of [
      sessions.manager.hasScopes(access_token, 'a'),
      sessions.manager.hasScopes(access_token, []),
      sessions.manager.getCurrentUser(access_token),
    ]) {
      expect(await rejection(question)).to.include({ status: 401, code: 'token_revoked' });
    }
  });

  it('throw the exception of the application', async () => {
    class LoginNeeded extends Error {}
    const sessions = new Sessions({ notAuthenticatedException: LoginNeeded });
    const { access_token } = await sessions.login();
    await sessions.manager.revoke(access_token);
    const error = await rejection(sessions.manager.getCurrentUser(access_token));
    expect(error).to.be.an.instanceOf(LoginNeeded);
    expect(error.cause).to.include({ code: 'token_revoked' });
  });
});
