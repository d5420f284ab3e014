import { createServer } from 'node:https';
import { expect } from 'chai';
import { type Action, Authorized, createParamDecorator, Get, JsonController, Post } from 'routing-controllers';
import supertest from 'supertest';
import type { CookieAttributes } from '../../src/http/cookies/cookie-options';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { foreign } from '../support/http';
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/keys';
import { type App, onEachServer, sharedServer, trustProxy } from '../support/servers';
import { capturingStderr, silencingStderr } from '../support/stderr';
import { forge } from '../support/tokens';

const Response = () => createParamDecorator({ value: ({ response }: Action) => response });
const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }: Action) => context ?? response });

const clock = new TestClock();
let manager: LoginManager<Account>;
let toSet: Parameters<LoginManager<Account>['setCookie']>[1];
let earlier: string | string[];

@JsonController()
class Routes {
  @Authorized()
  @Get('/me')
  me() {
    return { in: true };
  }

  @Post('/login')
  login(@ContextOrResponse() response: App) {
    manager.setCookie(response, toSet);
    return {};
  }

  @Post('/login-response')
  loginWithResponse(@Response() response: App) {
    manager.setCookie(response, toSet);
    return {};
  }

  @Post('/login-beside')
  loginBesideOthers(@Response() response: App) {
    (response.res ?? response).setHeader('Set-Cookie', earlier);
    manager.setCookie(response, tokenOf(manager, 'bob@example.com'));
    manager.setCookie(response, toSet);
    return {};
  }

  @Post('/logout')
  logout(@ContextOrResponse() response: App) {
    manager.clearCookie(response);
    return {};
  }

  @Post('/logout-response')
  logoutWithResponse(@Response() response: App) {
    manager.clearCookie(response);
    return {};
  }
}

const cookiesOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['set-cookie'] ?? []) as string[];

function attributesOf(text = ''): Record<string, string> {
  const pairs = text.split('; ').map((attribute) => attribute.split('='));
  const [, ...attributes] = pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return { value: text.split('; ')[0], ...Object.fromEntries(attributes) };
}

interface Circumstances {
  cookie?: CookieAttributes;
  cookieName?: string;
  host?: string;
  headers?: Record<string, string>;
  before?: (app: App) => void;
}

const loopback = [
  'localhost',
  'localhost:3000',
  'LOCALHOST:3000',
  'app.localhost',
  'app.localhost:3000',
  '127.0.0.1',
  '127.1.2.3:80',
  '[::1]',
  '[::1]:3000',
];

const elsewhere = [
  'app.example.com',
  '192.168.0.10:3000',
  '[2001:db8::1]',
  'localhost.example.com',
  'notlocalhost',
  '127.0.0.1.example.com',
  '128.0.0.1',
  '127.0.0.1@evil.example',
  'a b',
];

const overHttps = { 'X-Forwarded-Proto': 'https' };
const overHttp = { 'X-Forwarded-Proto': 'http' };
const toExample = { 'X-Forwarded-Host': 'app.example.com' };

const secure: Record<string, Circumstances> = {
  'in front of a trusted proxy that is asked by https': { headers: overHttps, before: trustProxy },
  'in front of an untrusted proxy that is asked by https': { headers: overHttps },
  'in front of a trusted proxy of another host': { headers: toExample, before: trustProxy },
  'with the name __Host-token': { cookieName: '__Host-token' },
  'with the name __Secure-token': { cookieName: '__Secure-token' },
  'with SameSite=None, because browsers would drop it': { cookie: { sameSite: 'none' } },
  'with Partitioned, because browsers would drop it': { cookie: { partitioned: true } },
  'with secure: true': { cookie: { secure: true } },
};

const notSecure: Record<string, Circumstances> = {
  'on localhost in front of a trusted proxy that is asked by http': { headers: overHttp, before: trustProxy },
  'on localhost by the word of an untrusted proxy about its host': { headers: toExample },
  'elsewhere with secure: false': { cookie: { secure: false }, host: 'app.example.com' },
};

const lives: Record<string, { seconds: string; maxAge?: number; expires?: string; passed?: number }> = {
  'as long as the token': { seconds: '900' },
  'as long as is left of the token': { seconds: '300', passed: 600 },
  'shorter than the token with a shorter maxAge': { seconds: '600', maxAge: 600, expires: '1h' },
  'as long as the token with a longer maxAge': { seconds: '300', maxAge: 600, expires: '5m' },
  'as long as a token of the default life with a maxAge of a day': { seconds: '900', maxAge: 86_400 },
  'one second for a token that lives half of it': { seconds: '1', maxAge: 600, expires: '500ms' },
};

const bad: Record<string, [token: string, code: string]> = {
  garbage: ['garbage', 'token_invalid'],
  'a header in disguise': ['x\r\nSet-Cookie: a=b', 'token_invalid'],
  'another attribute': ['x; Domain=evil.example', 'token_invalid'],
  'a token of another secret': [
    forge({ payload: { sub: 'ada@example.com', exp: 4e9 }, key: `${SECRET}!` }),
    'token_invalid',
  ],
  'an expired token': [forge({ payload: { sub: 'ada@example.com', exp: clock.now / 1000 } }), 'token_expired'],
  'an empty string': ['', 'token_invalid'],
};

describe('the cookie of setCookie and clearCookie', () => {
  onEachServer((start, framework) => {
    const byDefault = managerOf({ useCookie: true, clock: clock.tell });
    const server = sharedServer(() => start({ manager: byDefault, controllers: [Routes] }));

    const startWith = async (options: LoginManagerOptions<Account>, before?: (app: App) => void) => {
      manager = managerOf({ useCookie: true, clock: clock.tell, ...options });
      toSet = tokenOf(manager);
      return start({ manager, controllers: [Routes], ...(before && { before }) });
    };

    beforeEach(() => {
      manager = byDefault;
      toSet = tokenOf(manager);
    });

    const setWith = async (options: LoginManagerOptions<Account>) => {
      const { client } = await startWith(options);
      return attributesOf(cookiesOf(await client.post('/login'))[0]);
    };

    for (const suffix of ['', '-response']) {
      it(`logs a browser in and out${suffix ? ', given the response of the framework' : ''}`, async () => {
        const { url } = server();
        const browser = supertest.agent(url);
        expect((await browser.get('/me')).status).to.equal(401);
        expect((await browser.post(`/login${suffix}`)).status).to.equal(200);
        expect((await browser.get('/me')).status).to.equal(200);
        expect((await browser.post(`/logout${suffix}`)).status).to.equal(200);
        expect((await browser.get('/me')).status).to.equal(401);
      });
    }

    it('may be set to a token response', async () => {
      const { url } = server();
      toSet = await manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
      const browser = supertest.agent(url);
      await browser.post('/login');
      expect((await browser.get('/me')).status).to.equal(200);
    });

    it('is HttpOnly, SameSite=Lax, for the whole site, and lives as long as the token', async () => {
      const { client } = server();
      expect(cookiesOf(await client.post('/login'))).to.deep.equal([
        `access-token=${toSet}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax`,
      ]);
    });

    const attributes = { domain: 'example.com', path: '/app', sameSite: 'strict', partitioned: true } as const;
    const written = {
      domain: 'example.com',
      path: '/app',
      httponly: '',
      secure: '',
      partitioned: '',
      samesite: 'Strict',
    };

    it('has the name and the attributes that the options say', async () => {
      const set = await setWith({ cookieName: 'session', cookie: { ...attributes, secure: true, maxAge: 60 } });
      expect(set).to.deep.equal({ value: `session=${toSet}`, 'max-age': '60', ...written });
    });

    it('is cleared with the attributes it was set with', async () => {
      const { client } = await startWith({ cookieName: '__Secure-token', cookie: attributes });
      const [cleared] = cookiesOf(await client.post('/logout'));
      expect(attributesOf(cleared)).to.deep.equal({ value: '__Secure-token=', 'max-age': '0', ...written });
    });

    it('is cleared with the default attributes, too', async () => {
      const { client } = await startWith({ cookie: { domain: 'example.com', path: '/app' } });
      const [cleared] = cookiesOf(await client.post('/logout'));
      expect(cleared).to.equal('access-token=; Max-Age=0; Domain=example.com; Path=/app; HttpOnly; SameSite=Lax');
    });

    for (const [name, { seconds, maxAge, expires, passed = 0 }] of Object.entries(lives)) {
      it(`lives ${name}`, async () => {
        const time = new TestClock();
        const { client } = await startWith({ clock: time.tell, ...(maxAge && { cookie: { maxAge } }) });
        if (expires) toSet = manager.createAccessToken({ data: { sub: 'ada@example.com' }, expires });
        time.advance(passed);
        expect(attributesOf(cookiesOf(await client.post('/login'))[0])).to.include({ 'max-age': seconds });
      });
    }

    const isSecure = async ({ host = 'localhost:3000', headers, before, ...options }: Circumstances) => {
      const isDefault = Object.keys(options).length === 0 && !before;
      const { client } = isDefault ? server() : await startWith(options, before);
      const cookies = cookiesOf(await client.post('/login').set({ Host: host, ...headers }));
      expect(cookies).to.have.length(1);
      return 'secure' in attributesOf(cookies[0]);
    };

    for (const host of loopback) {
      it(`is not Secure on http at ${host}, the loopback`, async () => {
        expect(await isSecure({ host })).to.equal(false);
      });
    }

    for (const host of elsewhere) {
      it(`is Secure even on http at ${host}`, async () => {
        expect(await isSecure({ host })).to.equal(true);
      });
    }

    for (const [name, circumstances] of Object.entries(secure)) {
      it(`is Secure even at the loopback ${name}`, async () => {
        expect(await isSecure(circumstances)).to.equal(true);
      });
    }

    for (const [name, circumstances] of Object.entries(notSecure)) {
      it(`is not Secure ${name}`, async () => {
        expect(await isSecure(circumstances)).to.equal(false);
      });
    }

    it('is Secure on https at the loopback', async () => {
      const { app } = server();
      const listener = framework === 'Koa' ? app.callback() : app;
      const secured = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, listener);
      const response = await supertest(secured).post('/login').trustLocalhost();
      expect(attributesOf(cookiesOf(response)[0])).to.have.property('secure');
    });

    for (const before of ['theme=dark', ['theme=dark', 'seen=1']]) {
      it(`takes the place of its own before, and leaves alone ${before}`, async () => {
        const { client } = server();
        earlier = before;
        const [own, ...others] = cookiesOf(await client.post('/login-beside')).reverse();
        expect(others.reverse()).to.deep.equal([before].flat());
        expect(attributesOf(own).value).to.equal(`access-token=${toSet}`);
      });
    }

    for (const [what, [token, code]] of Object.entries(bad)) {
      it(`is not set to ${what}: 401`, async () => {
        const { client } = server();
        toSet = token;
        const printed = await capturingStderr(async () => {
          const response = await client.post('/login');
          expect([response.status, response.body.code]).to.deep.equal([401, code]);
          expect(cookiesOf(response)).to.be.empty;
        });
        expect(printed).to.equal('');
      });
    }

    for (const [name, headers] of Object.entries<Record<string, string>>({
      'a foreign page': foreign,
      'a foreign page without Origin': { 'Sec-Fetch-Site': 'cross-site' },
      'a foreign page of an older browser': { Origin: 'https://evil.example' },
      'a page without an origin': { Origin: 'null' },
      'another host of the same site': { 'Sec-Fetch-Site': 'same-site' },
    })) {
      it(`is not set for ${name} (login CSRF): 403`, async () => {
        const { client } = server();
        const response = await client.post('/login').set(headers);
        expect([response.status, response.body.code]).to.deep.equal([403, 'cross_origin']);
        expect(cookiesOf(response)).to.be.empty;
      });
    }

    it('is set for a page of its own', async () => {
      const { client } = server();
      expect(cookiesOf(await client.post('/login').set('Sec-Fetch-Site', 'same-origin'))).to.have.length(1);
    });

    it('is set for a page of a trusted origin', async () => {
      const { client } = await startWith({ trustedOrigins: ['https://evil.example'] });
      expect(cookiesOf(await client.post('/login').set(foreign))).to.have.length(1);
    });

    describe('answers a mistake of the application with 500:', () => {
      silencingStderr();

      for (const path of ['/login', '/logout']) {
        it(`it is neither set nor cleared if the manager reads none: ${path}`, async () => {
          const { client } = await startWith({ useCookie: false });
          const { status, body } = await client.post(path);
          expect([status, body.name]).to.deep.equal([500, 'ConfigurationError']);
          expect(body.message).to.match(/does not use cookies; set the option useCookie/);
        });
      }
    });
  });
});
