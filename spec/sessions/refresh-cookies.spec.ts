import { expect } from 'chai';
import type { Response as ExpressResponse } from 'express';
import { Ctx, JsonController, Post, Req, Res } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { HttpRequest } from '../../src/http/request-context';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { cookie, foreign } from '../support/http';
import { thrownBy } from '../support/rejection';
import { type App, closeServers, onEachFramework, type Start, starter } from '../support/servers';
import { fateOf, type Pair, Sessions } from '../support/sessions';
import { capturingStderr } from '../support/stderr';

/** A `Set-Cookie` header in parts; an attribute without a value is true. */
function parts(header: string): Record<string, string | true> {
  const [pair = '', ...attributes] = header.split('; ');
  const entries = attributes.map((one) => (one.includes('=') ? one.split('=') : [one, true]));
  return {
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    ...Object.fromEntries(entries),
  };
}

/** What `setCookie` or another call writes, by the names of the cookies. */
async function cookiesOf(start: Start, sessions: Sessions, call: (response: App) => void, host = 'app.example.com') {
  @JsonController()
  class Route {
    @Post('/')
    route(@Res() response: ExpressResponse) {
      call(response);
      return {};
    }
  }
  const { client } = await start({ manager: sessions.manager, controllers: [Route] });
  const response = await client.post('/').set('Host', host);
  expect(response.status).to.equal(200);
  const written = (response.headers['set-cookie'] ?? []) as unknown as string[];
  return Object.fromEntries(written.map(parts).map((one) => [one.name, one]));
}

const browser: LoginManagerOptions<Account> = { useCookie: true, refreshUrl: '/token' };

describe('setCookie with a token response', () => {
  onEachFramework((start) => {
    it('puts each token into a cookie of its own', async () => {
      const sessions = new Sessions(browser);
      const pair = await sessions.login();
      const cookies = await cookiesOf(start, sessions, (response) => sessions.manager.setCookie(response, pair));
      expect(cookies).to.deep.equal({
        'access-token': {
          name: 'access-token',
          value: pair.access_token,
          'Max-Age': '900',
          Path: '/',
          HttpOnly: true,
          Secure: true,
          SameSite: 'Lax',
        },
        'access-token-refresh': {
          name: 'access-token-refresh',
          value: pair.refresh_token,
          'Max-Age': String(30 * 24 * 3600),
          Path: '/token',
          HttpOnly: true,
          Secure: true,
          SameSite: 'Lax',
        },
      });
    });

    it('lives with the browser alone, where it is asked to', async () => {
      const sessions = new Sessions(browser);
      const pair = await sessions.login();
      const cookies = await cookiesOf(start, sessions, (response) =>
        sessions.manager.setCookie(response, pair, { session: true }),
      );
      expect(Object.keys(cookies)).to.have.members(['access-token', 'access-token-refresh']);
      for (const one of Object.values(cookies)) expect(one).to.not.have.any.keys('Max-Age', 'Expires');
    });

    it('is undone by clearCookie, with the same paths', async () => {
      const sessions = new Sessions(browser);
      const cookies = await cookiesOf(start, sessions, (response) => sessions.manager.clearCookie(response));
      expect(cookies['access-token']).to.include({ value: '', 'Max-Age': '0', Path: '/' });
      expect(cookies['access-token-refresh']).to.include({ value: '', 'Max-Age': '0', Path: '/token' });
    });

    it('is replaced by a later call in one answer', async () => {
      const sessions = new Sessions(browser);
      const [first, second] = [await sessions.login(), await sessions.login()];
      const cookies = await cookiesOf(start, sessions, (response) => {
        sessions.manager.setCookie(response, first);
        sessions.manager.clearCookie(response);
        sessions.manager.setCookie(response, second);
      });
      expect(cookies['access-token']?.value).to.equal(second.access_token);
      expect(cookies['access-token-refresh']?.value).to.equal(second.refresh_token);
      expect(Object.keys(cookies)).to.have.length(2);
    });
  });

  const express = (start: Start = starter('Express 5')) => start;
  afterEach(closeServers);

  for (const [access, refresh] of [
    ['__Host-login', '__Secure-login-refresh'],
    ['__HOST-login', '__Secure-login-refresh'],
    ['__Secure-login', '__Secure-login-refresh'],
    ['login', 'login-refresh'],
  ] as const) {
    it(`names them ${access} and ${refresh}`, async () => {
      const sessions = new Sessions({ ...browser, cookieName: access });
      const pair = await sessions.login();
      const set = (response: App) => sessions.manager.setCookie(response, pair);
      const cookies = await cookiesOf(express(), sessions, set, 'localhost');
      expect(Object.keys(cookies)).to.have.members([access, refresh]);
      const isPrefixed = access !== 'login';
      expect(cookies[access]?.Secure).to.equal(isPrefixed || undefined);
      expect(cookies[refresh]?.Secure).to.equal(isPrefixed || undefined);
      expect(cookies[refresh]?.Path).to.equal('/token');
    });
  }

  it('takes over the other attributes, and the lifetime that is left', async () => {
    const cookieOptions = {
      sameSite: 'strict',
      domain: 'example.com',
      path: '/app',
      maxAge: 60,
      partitioned: true,
    } as const;
    const sessions = new Sessions({ ...browser, cookie: cookieOptions });
    const pair = await sessions.login();
    sessions.clock.advance(100);
    const cookies = await cookiesOf(express(), sessions, (response) => sessions.manager.setCookie(response, pair));
    const shared = { SameSite: 'Strict', Domain: 'example.com', Partitioned: true, Secure: true };
    expect(cookies['access-token']).to.include({ ...shared, Path: '/app', 'Max-Age': '60' });
    expect(cookies['access-token-refresh']).to.include({
      ...shared,
      Path: '/token',
      'Max-Age': String(30 * 24 * 3600 - 100),
    });
  });

  it('expires the refresh cookie of the login before where the response has no refresh token', async () => {
    const sessions = new Sessions(browser);
    const response = await sessions.manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
    const cookies = await cookiesOf(express(), sessions, (target) => sessions.manager.setCookie(target, response));
    expect(Object.keys(cookies).sort()).to.deep.equal(['access-token', 'access-token-refresh']);
    expect(cookies['access-token-refresh']).to.include({ value: '', 'Max-Age': '0' });
  });

  describe('is refused', () => {
    const target = () => {
      const headers: Record<string, unknown> = {};
      return {
        headers,
        getHeader: (name: string) => headers[name],
        setHeader: (name: string, value: unknown) => {
          headers[name] = value;
        },
      } as never;
    };

    it('where there is no path for the refresh token', async () => {
      const sessions = new Sessions({ useCookie: true });
      const pair = await sessions.login();
      const error = thrownBy(() => sessions.manager.setCookie(target(), pair));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include('refreshUrl');
    });

    it('where the manager uses no cookies', async () => {
      for (const options of [{}, { refreshUrl: '/token' }]) {
        const sessions = new Sessions(options);
        const pair = await sessions.login();
        const error = thrownBy(() => sessions.manager.setCookie(target(), pair));
        expect(error).to.be.an.instanceOf(ConfigurationError);
        expect(error.message).to.include('useCookie');
      }
    });

    it('for tokens that are not good, or not of their kind', async () => {
      const sessions = new Sessions(browser);
      const { access_token, refresh_token, ...rest } = await sessions.login();
      const stranger = await new Sessions({ issuer: 'us' }).login();
      const responses = [
        { ...rest, access_token: refresh_token, refresh_token },
        { ...rest, access_token, refresh_token: access_token },
        { ...rest, access_token, refresh_token: 'garbage' },
        { ...rest, access_token: 'garbage', refresh_token },
        refresh_token,
      ];
      for (const response of responses) {
        const error = thrownBy(() => sessions.manager.setCookie(target(), response));
        expect(error).to.include({ status: 401, code: 'token_invalid' });
      }
      const demanding = new Sessions({ ...browser, issuer: 'them' });
      expect(thrownBy(() => demanding.manager.setCookie(target(), stranger))).to.include({ code: 'token_invalid' });
      sessions.clock.advance(900);
      const aged = { ...rest, access_token, refresh_token };
      expect(thrownBy(() => sessions.manager.setCookie(target(), aged))).to.include({ code: 'token_expired' });
    });
  });
});

describe('refreshUrl', () => {
  it('is a path', () => {
    const sessionStore = new MemorySessionStore();
    for (const refreshUrl of [
      'token',
      'https://example.com/token',
      '/to ken',
      '/token;x',
      '/token?x',
      '/token#x',
      '',
    ]) {
      expect(
        thrownBy(() => managerOf({ sessionStore, refreshUrl })),
        refreshUrl,
      ).to.be.an.instanceOf(ConfigurationError);
    }
    for (const refreshUrl of ['/', '/token', '/a/b/c'])
      expect(() => managerOf({ sessionStore, refreshUrl })).not.to.throw();
  });

  it('is of no use without a store', () => {
    const error = thrownBy(() => managerOf({ refreshUrl: '/token' }));
    expect(error).to.be.an.instanceOf(ConfigurationError);
    expect(error.message).to.include('sessionStore');
  });
});

describe('refresh(request)', () => {
  onEachFramework((start, framework) => {
    async function serve(options: LoginManagerOptions<Account> = browser) {
      const sessions = new Sessions(options);
      @JsonController()
      class Route {
        @Post('/token')
        refresh(@Req() request: HttpRequest) {
          return sessions.manager.refresh(request);
        }

        @Post('/context')
        refreshByContext(@Ctx() context: HttpRequest, @Req() request: HttpRequest) {
          return sessions.manager.refresh(framework === 'Koa' ? context : request);
        }
      }
      return { sessions, ...(await start({ manager: sessions.manager, controllers: [Route] })) };
    }

    const refreshCookie = ({ refresh_token }: Pair) => cookie(refresh_token, 'access-token-refresh');

    it('takes the token of the refresh cookie, once', async () => {
      const { sessions, client } = await serve();
      const pair = await sessions.login();
      const { status, body } = await client.post('/token').set(refreshCookie(pair));
      expect(status).to.equal(200);
      expect(await fateOf(sessions.manager, body.access_token)).to.equal('let in');
      const again = await client.post('/token').set(refreshCookie(pair));
      expect([again.status, again.body.error]).to.deep.equal([400, 'invalid_grant']);
      expect(again.get('Cache-Control')).to.equal('no-store');
      expect(await fateOf(sessions.manager, body.access_token)).to.equal('token_revoked');
      expect((await client.post('/context').set(refreshCookie(await sessions.login()))).status).to.equal(200);
    });

    it('is for the pages of the application alone, and a foreign one uses nothing up', async () => {
      const { sessions, client } = await serve({ ...browser, trustedOrigins: ['https://app.example.com'] });
      const pair = await sessions.login();
      for (const page of [
        foreign,
        { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'null' },
        { Origin: 'https://evil.example' },
      ]) {
        const { status, body } = await client.post('/token').set(refreshCookie(pair)).set(page);
        expect([status, body.code]).to.deep.equal([403, 'cross_origin']);
      }
      let { refresh_token } = pair;
      for (const page of [{}, { 'Sec-Fetch-Site': 'same-origin' }, { Origin: 'https://app.example.com' }]) {
        const { status, body } = await client
          .post('/token')
          .set(cookie(refresh_token, 'access-token-refresh'))
          .set(page);
        expect(status).to.equal(200);
        refresh_token = body.refresh_token;
      }
    });

    it('needs the refresh cookie: the other one, a header and an empty one are none', async () => {
      const { sessions, client } = await serve();
      const pair = await sessions.login();
      for (const headers of [
        {},
        cookie(pair.access_token),
        cookie(pair.refresh_token),
        { Authorization: `Bearer ${pair.refresh_token}` },
        cookie('', 'access-token-refresh'),
      ]) {
        const { status, body } = await client.post('/token').set(headers);
        expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
      }
      const wrong = await client.post('/token').set(cookie(pair.access_token, 'access-token-refresh'));
      expect([wrong.status, wrong.body.error]).to.deep.equal([400, 'invalid_grant']);
      expect((await client.post('/token').set(refreshCookie(pair))).status).to.equal(200);
    });

    it('refuses two refresh cookies that differ', async () => {
      const { sessions, client } = await serve();
      const [one, other] = [await sessions.login(), await sessions.login('bob@example.com')];
      const both = { Cookie: `${refreshCookie(one).Cookie}; ${refreshCookie(other).Cookie}` };
      expect((await client.post('/token').set(both)).status).to.equal(400);
      expect(await sessions.refresh(one)).to.have.property('access_token');
    });

    it('is a mistake of the programmer where refresh tokens are in no cookie', async () => {
      for (const options of [{ useCookie: true }, { refreshUrl: '/token' }]) {
        const { client } = await serve(options);
        let status = 0;
        await capturingStderr(async () => {
          ({ status } = await client.post('/token').set(cookie(tokenOf(managerOf()), 'access-token-refresh')));
        });
        expect(status).to.equal(500);
      }
    });
  });
});
