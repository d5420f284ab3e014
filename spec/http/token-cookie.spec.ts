import { createServer } from 'node:https';
import { expect } from 'chai';
import type { Application } from 'express';
import type Koa from 'koa';
import { Get, JsonController, Post, QueryParam, Res } from 'routing-controllers';
import supertest from 'supertest';
import type { CookieAttributes } from '../../src/http/cookie-options';
import type { HttpResponse } from '../../src/http/request-context';
import type { LoginManager } from '../../src/login-manager';
import type { LoginManagerOptions } from '../../src/options';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/keys';
import { type App, type Framework, onEachFramework } from '../support/servers';
import { capturingStderr, silencingStderr } from '../support/stderr';
import { forge } from '../support/tokens';

const clock = new TestClock();

/** Routes that set what the query says, and clear it. */
function sessionOf(manager: LoginManager<Account>) {
  @JsonController()
  class Session {
    @Get('/set')
    @Post('/set')
    set(@QueryParam('token') token: string, @Res() response: HttpResponse) {
      manager.setCookie(response, token);
      return {};
    }

    @Get('/set-both')
    async setBoth(@Res() response: HttpResponse) {
      manager.setCookie(response, tokenOf(manager, 'bob@example.com'));
      manager.setCookie(response, await manager.createTokenResponse({ data: { sub: 'ada@example.com' } }));
      return {};
    }

    @Get('/beside')
    beside(@Res() response: HttpResponse) {
      const raw = 'res' in response ? response.res : response;
      raw.setHeader('Set-Cookie', 'theme=dark');
      manager.setCookie(response, tokenOf(manager));
      return {};
    }

    @Get('/clear')
    clear(@Res() response: HttpResponse) {
      manager.clearCookie(response);
      return {};
    }
  }
  return Session;
}

function trustProxy(framework: Framework): (app: App) => void {
  return (app) => {
    if (framework === 'Koa') (app as Koa).proxy = true;
    else (app as Application).set('trust proxy', true);
  };
}

const attributesOf = (setCookie: string | undefined) => (setCookie ?? '').split('; ').slice(1);

describe('the cookie that is set', () => {
  onEachFramework((start, framework) => {
    async function serve(options: LoginManagerOptions<Account> = {}, before?: (app: App) => void) {
      const manager = managerOf({ useCookie: true, clock: clock.tell, ...options });
      const server = await start({ manager, controllers: [sessionOf(manager)], ...(before && { before }) });
      const token = tokenOf(manager);
      const set = async (headers: Record<string, string> = {}, text = token) => {
        const response = await server.client.get('/set').query({ token: text }).set(headers);
        return {
          status: response.status,
          body: response.body,
          cookies: (response.headers['set-cookie'] ?? []) as unknown as string[],
        };
      };
      return { manager, token, set, ...server };
    }

    it('is HttpOnly, SameSite=Lax, for the whole site, and lives as long as the token', async () => {
      const { set, token } = await serve();
      expect((await set()).cookies).to.deep.equal([
        `access-token=${token}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax`,
      ]);
    });

    it('has the attributes that the option says', async () => {
      const { set } = await serve({
        cookieName: 'session',
        cookie: {
          domain: 'example.com',
          path: '/app',
          sameSite: 'strict',
          secure: true,
          partitioned: true,
          maxAge: 60,
        },
      });
      const [cookie] = (await set()).cookies;
      expect(cookie).to.match(/^session=/);
      expect(attributesOf(cookie)).to.have.members([
        'Max-Age=60',
        'Domain=example.com',
        'Path=/app',
        'HttpOnly',
        'Secure',
        'Partitioned',
        'SameSite=Strict',
      ]);
    });

    it('lives no longer than the token, and shorter where maxAge says so', async () => {
      const { set, manager } = await serve({ cookie: { maxAge: 600 } });
      const lasting = async (expires: string) =>
        attributesOf(
          (await set({}, manager.createAccessToken({ data: { sub: 'ada@example.com' }, expires }))).cookies[0],
        )[0];
      expect(await lasting('1h')).to.equal('Max-Age=600');
      expect(await lasting('5m')).to.equal('Max-Age=300');
      expect(await lasting('500ms')).to.equal('Max-Age=1');
    });

    it('lives as long as is left of the token', async () => {
      const { set } = await serve();
      clock.advance(100);
      expect(attributesOf((await set()).cookies[0])).to.include('Max-Age=800');
      clock.advance(-100);
    });

    describe('is Secure', () => {
      const secure = async (
        options: CookieAttributes,
        headers: Record<string, string> = {},
        before?: (app: App) => void,
        cookieName?: string,
      ) => {
        const { set } = await serve({ cookie: options, ...(cookieName && { cookieName }) }, before);
        const { cookies } = await set(headers);
        expect(cookies).to.have.length(1);
        return attributesOf(cookies[0]).includes('Secure');
      };

      for (const host of [
        'localhost',
        'localhost:3000',
        'LOCALHOST:3000',
        'app.localhost:3000',
        '127.0.0.1',
        '127.1.2.3:80',
        '[::1]',
        '[::1]:3000',
      ]) {
        it(`not on http at ${host}, the loopback`, async () => {
          expect(await secure({}, { Host: host })).to.equal(false);
        });
      }

      for (const host of [
        'app.example.com',
        '192.168.0.10:3000',
        '[2001:db8::1]',
        'localhost.example.com',
        'notlocalhost',
        '127.0.0.1.example.com',
        '128.0.0.1',
        '127.0.0.1@evil.example',
        'a b',
      ]) {
        it(`on http at ${host}`, async () => {
          expect(await secure({}, { Host: host })).to.equal(true);
        });
      }

      it('on https at the loopback', async () => {
        const manager = managerOf({ useCookie: true });
        const { app } = await start({ manager, controllers: [sessionOf(manager)] });
        const server = createServer(
          { cert: CERTIFICATE, key: CERTIFICATE_KEY },
          framework === 'Koa' ? (app as Koa).callback() : app,
        );
        const response = await supertest(server)
          .get('/set')
          .query({ token: tokenOf(manager) })
          .trustLocalhost();
        expect(attributesOf(response.headers['set-cookie']?.[0])).to.include('Secure');
      });

      it('on https in front of a proxy that is trusted', async () => {
        const headers = { Host: 'localhost:3000', 'X-Forwarded-Proto': 'https' };
        expect(await secure({}, headers, trustProxy(framework))).to.equal(true);
        expect(await secure({}, headers), 'of anybody').to.equal(false);
      });

      it('at a host in front of a proxy that is trusted', async () => {
        const headers = { Host: 'localhost:3000', 'X-Forwarded-Host': 'app.example.com' };
        expect(await secure({}, headers, trustProxy(framework))).to.equal(true);
        expect(await secure({}, headers), 'of anybody').to.equal(false);
      });

      it('for a prefixed name, at the loopback too', async () => {
        expect(await secure({}, { Host: 'localhost' }, undefined, '__Host-token')).to.equal(true);
        expect(await secure({}, { Host: 'localhost' }, undefined, '__Secure-token')).to.equal(true);
      });

      it('with SameSite=None and Partitioned, at the loopback too: browsers drop them otherwise', async () => {
        expect(await secure({ sameSite: 'none' }, { Host: 'localhost' })).to.equal(true);
        expect(await secure({ partitioned: true }, { Host: 'localhost' })).to.equal(true);
      });

      it('or not, where the option says so', async () => {
        expect(await secure({ secure: true }, { Host: 'localhost' })).to.equal(true);
        expect(await secure({ secure: false }, { Host: 'app.example.com' })).to.equal(false);
      });
    });

    it('takes the place of the one that was set before', async () => {
      const { client } = await serve();
      const cookies = (await client.get('/set-both')).headers['set-cookie'] as unknown as string[];
      expect(cookies).to.have.length(1);
    });

    it('leaves other cookies alone', async () => {
      const { client } = await serve();
      const cookies = (await client.get('/beside')).headers['set-cookie'] as unknown as string[];
      expect(cookies).to.have.length(2);
      expect(cookies[0]).to.equal('theme=dark');
    });

    const bad = {
      garbage: 'garbage',
      'a header in disguise': 'x\r\nSet-Cookie: a=b',
      'another attribute': 'x; Domain=evil.example',
      'a token of another manager': forge({ payload: { sub: 'ada@example.com', exp: 4e9 }, key: `${SECRET}!` }),
      'an expired token': forge({ payload: { sub: 'ada@example.com', exp: clock.now / 1000 } }),
      'empty text': '',
    };

    for (const [what, token] of Object.entries(bad)) {
      it(`is not set to ${what}`, async () => {
        const { set } = await serve();
        const printed = await capturingStderr(async () => {
          const { status, body, cookies } = await set({}, token);
          expect(status).to.equal(401);
          expect(body.code).to.match(/^token_(invalid|expired)$/);
          expect(cookies).to.deep.equal([]);
        });
        expect(printed).to.equal('');
      });
    }

    it('is not set at the word of a foreign page (login CSRF)', async () => {
      const { client, token } = await serve();
      const foreign = await client.post('/set').query({ token }).set('Sec-Fetch-Site', 'cross-site');
      expect([foreign.status, foreign.body.code]).to.deep.equal([403, 'cross_origin']);
      expect(foreign.headers).not.to.have.property('set-cookie');
      expect((await client.post('/set').query({ token }).set('Sec-Fetch-Site', 'same-origin')).status).to.equal(200);
    });

    it('is cleared with the attributes it was set with', async () => {
      const { client } = await serve({
        cookieName: '__Secure-token',
        cookie: { domain: 'example.com', path: '/app', sameSite: 'strict', partitioned: true },
      });
      const [cookie] = (await client.get('/clear')).headers['set-cookie'] as unknown as string[];
      expect(cookie?.split('; ')[0]).to.equal('__Secure-token=');
      expect(attributesOf(cookie)).to.have.members([
        'Max-Age=0',
        'Domain=example.com',
        'Path=/app',
        'HttpOnly',
        'Secure',
        'Partitioned',
        'SameSite=Strict',
      ]);
    });

    describe('answers a mistake of the application with 500:', () => {
      silencingStderr();

      it('it has at most 4096 bytes with its name', async () => {
        const { set } = await serve();
        const ofLength = (length: number) => {
          const fitting = [0, 1, 2, 3, 4, 5, 6].map((more) =>
            forge({
              payload: {
                sub: 'ada@example.com',
                exp: 4e9,
                pad: 'x'.repeat(Math.floor((length - 154) * 0.75) + more - 3),
              },
            }),
          );
          return fitting.filter((token) => token.length <= length).at(-1) as string;
        };
        const most = 4096 - 'access-token'.length;
        expect(ofLength(most).length, 'the longest').to.be.within(most - 1, most);
        expect((await set({}, ofLength(most))).status).to.equal(200);
        const beyond = ofLength(most + 2);
        expect(beyond.length, 'one too long').to.be.within(most + 1, most + 2);
        const { status, body, cookies } = await set({}, beyond);
        expect(status).to.equal(500);
        expect(body.message).to.match(
          /The token is too long for a cookie: with its name it may have 4096 bytes; put less into data or scopes/,
        );
        expect(cookies).to.deep.equal([]);
      });

      it('it cannot be set nor cleared where the manager reads none', async () => {
        const { set, client } = await serve({ useCookie: false });
        for (const response of [await set(), await client.get('/clear')]) {
          expect(response.status).to.equal(500);
          expect(response.body).to.include({ name: 'ConfigurationError' });
          expect(response.body.message).to.match(/does not read cookies: set its option useCookie/);
        }
      });
    });
  });
});
